namespace CallTracker.TestKit;

/// <summary>One datagram under way in a <see cref="SimulatedNetwork"/>.</summary>
/// <param name="From">Number of the sending node.</param>
/// <param name="To">Number of the receiving node.</param>
/// <param name="Bytes">A copy.</param>
/// <param name="DueMs">When it arrives.</param>
public sealed record SimulatedDatagram(int From, int To, byte[] Bytes, long DueMs);
