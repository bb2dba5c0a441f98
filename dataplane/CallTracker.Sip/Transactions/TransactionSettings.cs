namespace CallTracker.Sip.Transactions;

/// <summary>Timers and bounds of a <see cref="TransactionLayer{TUser,TTransport}"/>; set once, per worker.</summary>
public sealed record TransactionSettings
{
    /// <summary>Round-trip estimate (RFC 3261 section 17.1.1.1).</summary>
    public int T1Ms { get; init; } = 500;

    /// <summary>Longest interval between retransmissions of all but INVITE requests.</summary>
    public int T2Ms { get; init; } = 4_000;

    /// <summary>How long a message may live in the network.</summary>
    public int T4Ms { get; init; } = 5_000;

    /// <summary>
    /// Transactions with work to do. The last eighth is kept for requests inside dialogs and our own: when it is
    /// reached, requests that would start something new are refused with 503, without state.
    /// </summary>
    public int ActiveMax { get; init; } = 65_536;

    /// <summary>
    /// Ended transactions that still answer retransmissions; beyond, the one that has lingered longest of its kind is
    /// forgotten early.
    /// </summary>
    public int LingeringMax { get; init; } = 524_288;

    /// <summary>
    /// Bytes of kept messages. The last eighth is kept as above; beyond the bound responses are sent but not kept.
    /// </summary>
    public int BufferBytesMax { get; init; } = 128 * 1024 * 1024;

    /// <summary>Retry-After in a 503 of ours.</summary>
    public int RetryAfterSec { get; init; } = 5;

    /// <summary>
    /// The 2xx is repeated end to end, and the transport is reliable only to the next hop: RFC 3261 section 13.3.1.4
    /// wants it on every transport.
    /// </summary>
    public bool Retransmit2xxOverReliable { get; init; } = true;

    /// <summary>
    /// Answer over UDP to where the request came from even when its Via has no rport (against RFC 3261 section 18.2.2,
    /// for peers behind NAT).
    /// </summary>
    public bool AnswerToSource { get; init; }

    /// <summary>
    /// Requests longer than this go over TCP where UDP was meant (RFC 3261 section 18.1.1: 1300 while the path MTU is
    /// unknown), and over UDP after all when no connection comes about; 0 sends all over UDP.
    /// </summary>
    public int UdpRequestBytesMax { get; init; } = 1300;

    /// <summary>64*T1: timers B, F, H, J, L, M and D.</summary>
    public int GiveUpMs => 64 * T1Ms;

    /// <summary>Timer D: at least 32 s (RFC 3261 section 17.1.1.2).</summary>
    public int TimerDMs => Math.Max(32_000, GiveUpMs);
}
