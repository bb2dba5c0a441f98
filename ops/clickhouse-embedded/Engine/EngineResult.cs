using System.Runtime.InteropServices;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>What one statement returned, copied out of the engine's memory. Any thread may hold it.</summary>
internal sealed record EngineResult(EngineError? Error, byte[] Body)
{
    public ulong ReadRows { get; private init; }

    public ulong ReadBytes { get; private init; }

    public ulong WrittenRows { get; private init; }

    public ulong WrittenBytes { get; private init; }

    public ulong ResultRows { get; private init; }

    public ulong ResultBytes { get; private init; }

    public static EngineResult Failed(EngineError error) => new(error, []);

    /// <summary>Copies what the handle holds and frees the handle.</summary>
    public static unsafe EngineResult Take(nint handle)
    {
        try
        {
            var error = Marshal.PtrToStringUTF8((nint)ChdbApi.ResultError(handle));
            var length = checked((int)ChdbApi.ResultLength(handle));
            var body = length == 0 ? [] : new ReadOnlySpan<byte>(ChdbApi.ResultBuffer(handle), length).ToArray();
            return new EngineResult(error is null ? null : EngineError.Parse(error), body)
            {
                ReadRows = ChdbApi.ReadRows(handle),
                ReadBytes = ChdbApi.ReadBytes(handle),
                WrittenRows = ChdbApi.WrittenRows(handle),
                WrittenBytes = ChdbApi.WrittenBytes(handle),
                ResultRows = ChdbApi.ResultRows(handle),
                ResultBytes = ChdbApi.ResultBytes(handle),
            };
        }
        finally
        {
            ChdbApi.DestroyResult(handle);
        }
    }
}
