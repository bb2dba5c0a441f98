namespace CallTracker.LoadTests.Measure;

/// <summary>One UDP socket as the kernel sees it.</summary>
/// <param name="Port">Its own port.</param>
/// <param name="Inode">Which socket it is, among all that have the port in turn or share it.</param>
/// <param name="QueuedBytes">What waits to be read, as the kernel counts memory.</param>
/// <param name="Drops">Datagrams lost since it was made because its buffer was full.</param>
internal readonly record struct UdpSocketState(int Port, uint Inode, long QueuedBytes, long Drops);
