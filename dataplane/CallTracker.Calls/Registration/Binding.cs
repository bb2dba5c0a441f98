using CallTracker.Calls.Routing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Registration;

/// <summary>
/// Where a trunk that registered can be reached (RFC 3261 section 10): its Contact and the flow its REGISTER came by,
/// which leads back through its NAT (RFC 3581, RFC 5626 section 5.3). What names it never changes; a refresh only moves
/// its end. Shared by all workers; a Call-ID's REGISTERs all reach one worker, so refreshes do not race with each
/// other, but with whoever takes out what is over: one of the two comes first, and the other one sees that.
/// </summary>
public sealed class Binding
{
    // Of one that was taken out; it is never in force again.
    private const long TakenOut = -1;
    private long _expiresUnixMs;
    private uint _cseq;
    private TrunkEndpoint? _endpoint;

    public required string TrunkId { get; init; }

    /// <summary>The Contact's URI.</summary>
    public required byte[] Contact { get; init; }

    public required byte[] CallId { get; init; }

    /// <summary>Where its REGISTER came from; calls go there, whatever the Contact says.</summary>
    public required SipFlow Flow { get; init; }

    /// <summary>The place of <see cref="Flow"/>, as attempts name it.</summary>
    public TrunkEndpoint Endpoint => _endpoint ??= new() { Address = Flow.Remote, Transport = Flow.Kind };

    public required long ExpiresUnixMs
    {
        get => Volatile.Read(ref _expiresUnixMs);
        init => _expiresUnixMs = value;
    }

    /// <summary>Of the last REGISTER.</summary>
    public required uint CSeq
    {
        get => Volatile.Read(ref _cseq);
        init => _cseq = value;
    }

    public bool IsLive(long unixMs) => ExpiresUnixMs > unixMs;

    /// <summary>Moves its end; false when it was taken out, so that a new one is needed.</summary>
    internal bool TryRefresh(uint cseq, long expiresUnixMs)
    {
        while (true)
        {
            var before = ExpiresUnixMs;
            if (before == TakenOut) return false;
            if (Interlocked.CompareExchange(ref _expiresUnixMs, expiresUnixMs, before) != before) continue;
            Volatile.Write(ref _cseq, cseq);
            return true;
        }
    }

    /// <summary>True when it is over, which no refresh changes afterwards.</summary>
    internal bool TryEnd(long unixMs)
    {
        while (true)
        {
            var before = ExpiresUnixMs;
            if (before > unixMs) return false;
            if (Interlocked.CompareExchange(ref _expiresUnixMs, TakenOut, before) == before) return true;
        }
    }
}
