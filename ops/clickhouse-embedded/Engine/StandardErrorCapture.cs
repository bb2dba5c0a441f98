using System.Text;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// Catches what the engine writes to standard error while it starts: that is the only place where it says why it did
/// not. Used once, by the starting thread, before anything else writes there.
/// </summary>
internal sealed unsafe class StandardErrorCapture : IDisposable
{
    private const int StandardError = 2;
    private const int TextBytesMax = 4096;
    private readonly int _file = LinuxApi.MemoryFile("stderr", 0);
    private readonly int _saved = LinuxApi.Duplicate(StandardError);

    public StandardErrorCapture()
    {
        if (_file >= 0)
            _ = LinuxApi.DuplicateTo(_file, StandardError);
    }

    public string Text
    {
        get
        {
            Span<byte> buffer = stackalloc byte[TextBytesMax];
            fixed (byte* address = buffer)
            {
                var count = (int)LinuxApi.ReadAt(_file, address, TextBytesMax, 0);
                return count <= 0 ? string.Empty : Encoding.UTF8.GetString(buffer[..count]);
            }
        }
    }

    public void Dispose()
    {
        _ = LinuxApi.DuplicateTo(_saved, StandardError);
        _ = LinuxApi.Close(_saved);
        _ = LinuxApi.Close(_file);
    }
}
