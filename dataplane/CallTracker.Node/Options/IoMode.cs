namespace CallTracker.Node.Options;

/// <summary>What <c>CALLTRACKER_IO</c> says: how RTP ports receive and send.</summary>
internal enum IoMode
{
    /// <summary>By io_uring where it works, else by epoll.</summary>
    Auto,
    Epoll,
    /// <summary>By io_uring, or the node does not start.</summary>
    Uring,
}
