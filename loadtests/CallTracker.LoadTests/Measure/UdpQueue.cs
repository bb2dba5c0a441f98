namespace CallTracker.LoadTests.Measure;

/// <summary>What the kernel holds and lost of one party's datagrams, of all sockets of its port.</summary>
/// <param name="Party">Whose.</param>
/// <param name="PeakBytes">The most that waited at a time, with the kernel's overhead.</param>
/// <param name="Drops">Lost because the buffer was full, while it was watched.</param>
internal sealed record UdpQueue(string Party, long PeakBytes, long Drops);
