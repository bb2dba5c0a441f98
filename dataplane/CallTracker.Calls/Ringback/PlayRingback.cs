using CallTracker.Calls.Engine;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Media.Playback;
using CallTracker.Media.Relay;

namespace CallTracker.Calls.Ringback;

/// <summary>
/// Sees to it that a caller never waits in silence. A 18x with SDP makes the caller's side stop its own ringback and
/// listen to what comes; when the destination then sends no RTP, we play the tone. A 18x without SDP before any with
/// one needs nothing of us: the caller's side rings by itself. Once a call has had early media, it also has it with
/// the next destination of a hunt, which may ring without SDP. Worker thread only.
/// </summary>
internal static class PlayRingback
{
    /// <summary>
    /// The caller was given the answer that the engine's SDP view has just parsed; it takes every format of it.
    /// </summary>
    public static void OnEarlyMedia(CallEngine engine, Call call) =>
        (call.HasEarlyMedia, call.RingbackFormat) = (true, PlayFormat.Choose(engine.Sdp));

    /// <summary>The present destination rings (180 to 183); the tone follows unless its RTP comes first.</summary>
    public static void OnRinging(CallEngine engine, Call call, in ReceivedAt at)
    {
        if (call.IsDirect || !IsWanted(engine, call) || !call.HasEarlyMedia) return;
        var request = new PlayRequest(Tones.Ringback.Looped, call.RingbackFormat, PlayUse.Ringback)
        {
            DelayMs = engine.Settings.RingbackAfterMs,
            SilentSinceMs = call.DialedMs,
        };
        engine.Media.Player.Start(call.Media, MediaSide.A, request, at.NowMs);
    }

    /// <summary>The present destination is given up.</summary>
    public static void Stop(CallEngine engine, Call call) => engine.Media.Player.Stop(call.Media, MediaSide.A);

    // The destination's trunk knows best what its silence means; most leave it to the node.
    private static bool IsWanted(CallEngine engine, Call call) => call.Trunk?.Ringback switch
    {
        TrunkRingback.On => true,
        TrunkRingback.Off => false,
        _ => engine.Settings.Ringback != RingbackMode.Off,
    };
}
