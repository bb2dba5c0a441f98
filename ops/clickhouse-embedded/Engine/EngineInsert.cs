using System.Runtime.InteropServices;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// A running INSERT that takes its rows in pieces. The engine parses behind a queue of 16 pieces and makes
/// <see cref="Append"/> wait when it is full, so memory stays bounded whatever the client sends. Used by one thread.
/// </summary>
internal sealed unsafe class EngineInsert(nint stream) : IDisposable
{
    private nint _stream = stream;

    public EngineError? Error
    {
        get
        {
            var text = Marshal.PtrToStringUTF8((nint)ChdbApi.InsertError(_stream));
            return text is null ? null : EngineError.Parse(text);
        }
    }

    /// <summary>False when the INSERT has failed; <see cref="Finish"/> then gives the reason.</summary>
    public bool Append(ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
            return ChdbApi.Append(_stream, bytes, (nuint)data.Length) == ChdbApi.Success;
    }

    public EngineResult Finish() => EngineResult.Take(ChdbApi.Done(_stream));

    /// <summary>Ends the INSERT without its unfinished block, as a server does when the client goes away.</summary>
    public void Cancel() => ChdbApi.CancelInsert(_stream);

    public void Dispose()
    {
        if (_stream == 0)
            return;
        ChdbApi.DestroyInsertStream(_stream);
        _stream = 0;
    }
}
