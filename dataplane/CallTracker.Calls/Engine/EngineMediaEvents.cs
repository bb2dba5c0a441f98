using CallTracker.Calls.Digits;
using CallTracker.Calls.Model;
using CallTracker.Calls.Steps;
using CallTracker.Media.Dtls;
using CallTracker.Media.Relay;

namespace CallTracker.Calls.Engine;

/// <summary>What the relay tells of its sessions; the user of a session is the call's slot.</summary>
internal readonly struct EngineMediaEvents(CallEngine engine) : IMediaEvents
{
    public void OnFirstPacket(int session, int user, MediaSide side)
    {
        // The record takes its figures from the totals at the end; nothing is decided by the first packet yet.
    }

    public void OnMediaTimeout(int session, int user, MediaSide side, MediaTimeoutKind kind) => End(session, user, side,
        kind == MediaTimeoutKind.FirstPacket ? MediaFault.CallerNeverSent : MediaFault.CallerSilent);

    public void OnPeerGone(int session, int user, MediaSide side) =>
        End(session, user, side, MediaFault.CallerUnreachable);

    public void OnDigit(int session, int user, MediaSide side, byte key, int durationMs)
    {
        if (engine.Calls.At(user) is not { State: CallState.Talking } call || call.Media != session) return;
        HearDigit.Run(engine, call, call.Leg(outbound: side == MediaSide.B), key, durationMs, engine.Turn);
    }

    public void OnPlayed(int session, int user, MediaSide side)
    {
        // Ringback and hold music have no end of their own, and nothing else is played yet.
    }

    public void OnKeysFailed(int session, int user, MediaSide side, DtlsResult why) =>
        EndBy(session, user,
            side == MediaSide.A ? MediaFault.CallerHandshakeFailed : MediaFault.CalleeHandshakeFailed);

    private void End(int session, int user, MediaSide side, MediaFault ofCaller) =>
        EndBy(session, user, side == MediaSide.A
            ? ofCaller
            : ofCaller + (MediaFault.CalleeNeverSent - MediaFault.CallerNeverSent));

    private void EndBy(int session, int user, MediaFault fault)
    {
        if (engine.Calls.At(user) is not { State: CallState.Talking } call || call.Media != session) return;
        call.Facts.MediaFault = fault;
        EndCall.BySystem(engine, call, EndReason.MediaTimeout, engine.Turn);
    }
}
