using System.Runtime.InteropServices;

namespace CallTracker.Node.Tests.Streams;

/// <summary>
/// While it lives, this process gets no new descriptor (RLIMIT_NOFILE): what it has open stays. For tests that run
/// alone.
/// </summary>
internal sealed unsafe partial class DescriptorLimit : IDisposable
{
    private const int OpenFiles = 7;
    private readonly ulong _soft;
    private readonly ulong _hard;

    public DescriptorLimit()
    {
        var limits = stackalloc ulong[2];
        if (Get(OpenFiles, limits) != 0) throw new InvalidOperationException("The limit cannot be read.");
        (_soft, _hard) = (limits[0], limits[1]);
        limits[0] = 0;
        if (Set(OpenFiles, limits) != 0) throw new InvalidOperationException("The limit cannot be set.");
    }

    public void Dispose()
    {
        var limits = stackalloc ulong[] { _soft, _hard };
        _ = Set(OpenFiles, limits);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Get(int resource, ulong* limits);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int Set(int resource, ulong* limits);
}
