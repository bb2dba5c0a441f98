namespace CallTracker.Contracts.Tracing;

/// <summary>
/// One SIP message of a traced call: one row of <c>sip_messages</c>. Made by the node once, never changed.
/// </summary>
public sealed class SipMessageRecord
{
    /// <summary>処理ID of the call, by which the call's record is found.</summary>
    public required string TrnId { get; init; }
    public required string OperatorId { get; init; }
    public required string NodeId { get; init; }
    /// <summary>Grows with every message of the worker that had the call: the order within a call.</summary>
    public required ulong Sequence { get; init; }
    /// <summary>Unix time in microseconds (UTC).</summary>
    public required long UnixUs { get; init; }
    /// <summary>True for what the node sent.</summary>
    public required bool IsSent { get; init; }
    /// <summary>0 on the inbound leg, n on the outbound leg of the n-th attempt.</summary>
    public required byte Attempt { get; init; }
    /// <summary>udp, tcp or tls.</summary>
    public required string Transport { get; init; }
    /// <summary>This node's side: address:port, [v6]:port.</summary>
    public required string Local { get; init; }
    public required string Remote { get; init; }
    /// <summary>Of a request; empty in a response.</summary>
    public required string Method { get; init; }
    /// <summary>Of a response; 0 in a request.</summary>
    public required ushort Status { get; init; }
    public required TraceCause Cause { get; init; }
    /// <summary>Messages of the call that were overwritten before it could be kept.</summary>
    public required ushort Missing { get; init; }
    /// <summary>The message sealed by <see cref="TraceCipher"/>, its secrets masked before.</summary>
    public required byte[] Sealed { get; init; }
    /// <summary>Unix seconds after which the row is deleted.</summary>
    public required uint ExpiresSec { get; init; }
}
