using CallTracker.Calls.Engine;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Access;

/// <summary>
/// Which datagrams are worth parsing: those of trunks, of phones that registered, and a bounded number of REGISTER from
/// strangers while some trunk accepts registration. One per worker, its thread only.
/// </summary>
internal sealed class SourceGate(CallEngine engine)
{
    /// <summary>REGISTER of strangers per second and worker; more are dropped and counted.</summary>
    public const int StrangersPerSecMax = 200;
    private long _second;
    private int _strangers;

    public bool Admits(ReadOnlySpan<byte> datagram, in IpEndpoint source, in ReceivedAt at)
    {
        var trunks = engine.Routes.Trunks;
        if (trunks.Knows(source)) return true;
        var shared = engine.Access.Shared;
        if (!trunks.AcceptsRegistration) return false;
        return shared.Bindings.Knows(source, at.UnixMs) || AdmitsStranger(datagram, source, at);
    }

    /// <summary>
    /// True when a request that would begin something must be dropped: its source guessed passwords. Running calls of
    /// the same source go on.
    /// </summary>
    public bool IsBlocked(SipMessage message, in IpEndpoint source, in ReceivedAt at)
    {
        if (!engine.Access.Shared.Guard.IsBlocked(source, at.NowMs)) return false;
        var begins = message.IsRequest && message.Method is SipMethod.Invite or SipMethod.Register
            && message.ToTag.IsEmpty;
        if (begins) engine.Access.Counters.Blocked++;
        return begins;
    }

    private bool AdmitsStranger(ReadOnlySpan<byte> datagram, in IpEndpoint source, in ReceivedAt at)
    {
        if (!datagram.StartsWith("REGISTER "u8)) return false;
        if (engine.Access.Shared.Guard.IsBlocked(source, at.NowMs))
        {
            engine.Access.Counters.Blocked++;
            return false;
        }
        var second = at.NowMs / 1000;
        if (second != _second) (_second, _strangers) = (second, 0);
        if (++_strangers <= StrangersPerSecMax) return true;
        engine.Access.Counters.StrangersDropped++;
        return false;
    }
}
