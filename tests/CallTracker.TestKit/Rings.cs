using CallTracker.Core.Net;

namespace CallTracker.TestKit;

/// <summary>Whether this machine lets tests use io_uring: containers often forbid it. Any thread.</summary>
public static class Rings
{
    private const int Forbidden = -1;
    private const int NoSuchCall = -38;
    private const int NoSuchOption = -22;

    /// <summary>Why not; null when it does. A ring that opens and then does not work is no reason to skip.</summary>
    public static string? Missing { get; } = Look();

    private static string? Look()
    {
        using var epoll = new Epoll();
        var result = DatagramRing.TryOpen(epoll, 1, 64, 0, out var ring);
        ring?.Dispose();
        return result is Forbidden or NoSuchCall or NoSuchOption
            ? $"io_uring is forbidden here, or the kernel is too old (errno {-result})"
            : null;
    }
}
