using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// The way out of a SELECT: the engine writes its result with INTO OUTFILE into /proc/self/fd/N, we read the other end.
/// That gives every output format in one piece and bounded memory (the engine waits when the pipe is full), which the
/// library's own streaming call does not: it repeats headers and footers in each chunk. The engine's thread closes the
/// writing end, the request's task the reading end.
/// </summary>
internal sealed unsafe class OutputPipe : IDisposable
{
    private const int CapacityBytes = 1 << 20;
    private readonly int _writeEnd;
    private int _writerOpen = 1;

    public OutputPipe()
    {
        var ends = stackalloc int[2];
        if (LinuxApi.Pipe(ends, LinuxApi.CloseOnExec) != 0)
            throw new IOException($"pipe2 failed with errno {Marshal.GetLastPInvokeError()}");
        _writeEnd = ends[1];
        // Without this the pipe holds 64 KiB; a refusal (an unprivileged user over his limit) only costs speed.
        _ = LinuxApi.Control(_writeEnd, LinuxApi.SetPipeBytes, CapacityBytes);
        Reader = new FileStream(new SafeFileHandle(ends[0], ownsHandle: true), FileAccess.Read, bufferSize: 0);
    }

    public FileStream Reader { get; }

    public string WriterPath => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{_writeEnd}");

    public void CloseWriter()
    {
        if (Interlocked.Exchange(ref _writerOpen, 0) == 1)
            _ = LinuxApi.Close(_writeEnd);
    }

    public void Dispose()
    {
        Reader.Dispose();
        CloseWriter();
    }
}
