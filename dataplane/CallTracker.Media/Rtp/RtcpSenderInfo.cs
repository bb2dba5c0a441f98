namespace CallTracker.Media.Rtp;

/// <summary>What a sender report says of its own stream (RFC 3550 section 6.4.1).</summary>
/// <param name="Ntp">Seconds and their fraction; of any clock that goes evenly.</param>
/// <param name="Timestamp">The stream's RTP timestamp at that time.</param>
/// <param name="Packets">Sent so far.</param>
/// <param name="Octets">Of payload, sent so far.</param>
internal readonly record struct RtcpSenderInfo(ulong Ntp, uint Timestamp, uint Packets, uint Octets)
{
    /// <summary>The middle 32 bits: what the receiver's LSR will be.</summary>
    public uint NtpMiddle => (uint)(Ntp >> 16);

    /// <summary>NTP time of monotonic milliseconds; system uptime serves where no other clock is meant.</summary>
    public static ulong NtpOf(long nowMs) =>
        ((ulong)(nowMs / 1000) << 32) | ((ulong)(nowMs % 1000) * (1UL << 32) / 1000);
}
