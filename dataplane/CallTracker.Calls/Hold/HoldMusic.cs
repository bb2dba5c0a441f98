using CallTracker.Calls.Engine;
using CallTracker.Core.Time;
using CallTracker.Media.Playback;
using CallTracker.Media.Sdp;

namespace CallTracker.Calls.Hold;

/// <summary>
/// Whoever is put on hold hears the music of the holder's trunk until the holder takes it back, as long as the holder
/// sends nothing of its own. Hold is what a peer's SDP says once both sides have agreed on it: sendonly, inactive, or
/// no address (RFC 3264 section 8.4). An inactive one is carried as sendonly, because who is told inactive listens to
/// nothing; its holder is answered inactive all the same. Worker thread only.
/// </summary>
internal static class HoldMusic
{
    /// <summary>
    /// A leg's offer is being carried, open in the engine's SDP view: one that is inactive goes on as sendonly where
    /// the music will play.
    /// </summary>
    public static void OpenOffer(CallEngine engine, Call call, CallLeg offerer)
    {
        if (offerer.Media.Direction == SdpDirection.Inactive && HasMusic(engine, call, offerer))
            SetDirection(engine, SdpDirection.SendOnly);
    }

    /// <summary>
    /// A leg's answer is being carried. Who offered inactive is answered inactive (RFC 3264 section 6.1); who offered
    /// to listen may do so although the answer is inactive.
    /// </summary>
    public static void FitAnswer(CallEngine engine, Call call, CallLeg answerer)
    {
        if (call.State != CallState.Talking) return;
        var offerer = call.OtherThan(answerer);
        if (offerer.Media.Direction == SdpDirection.Inactive) SetDirection(engine, SdpDirection.Inactive);
        else if (answerer.Media.Direction == SdpDirection.Inactive && !offerer.Media.IsDeaf
            && HasMusic(engine, call, answerer)) SetDirection(engine, SdpDirection.SendOnly);
    }

    /// <summary>Both sides have agreed on something: music begins, goes on or ends.</summary>
    public static void Follow(CallEngine engine, Call call, in ReceivedAt at)
    {
        Follow(engine, call, call.Inbound, at);
        Follow(engine, call, call.Outbound, at);
    }

    private static void Follow(CallEngine engine, Call call, CallLeg holder, in ReceivedAt at)
    {
        var listener = call.OtherThan(holder);
        var isDue = holder.Media.IsDeaf && !listener.Media.IsDeaf
            && MusicOf(call, holder).Length > 0;
        var wasHeard = listener.HearsMusic;
        listener.HearsMusic = isDue && TryPlay(engine, call, holder, listener, at);
        if (isDue && !listener.HearsMusic) engine.Counters.HoldsWithoutMusic++;
        if (wasHeard && !listener.HearsMusic) engine.Media.Player.Stop(call.Media, listener.Side);
    }

    private static bool TryPlay(
        CallEngine engine, Call call, CallLeg holder, CallLeg listener, in ReceivedAt at)
    {
        if (!engine.Prompts.TryFind(MusicOf(call, holder), out var prompt)) return false;
        var request = new PlayRequest(prompt.Looped, listener.Media.Play, PlayUse.HoldMusic);
        return engine.Media.Player.Start(call.Media, listener.Side, request, at.NowMs);
    }

    private static bool HasMusic(CallEngine engine, Call call, CallLeg holder) =>
        engine.Prompts.TryFind(MusicOf(call, holder), out _) && !call.OtherThan(holder).Media.Play.IsNone;

    private static string MusicOf(Call call, CallLeg holder) =>
        call.State == CallState.Talking ? call.TrunkOf(holder)?.HoldMusic ?? "" : "";

    // What held by its address says so again when it is written; that is rare and stays as it is.
    private static void SetDirection(CallEngine engine, SdpDirection direction)
    {
        ref readonly var audio = ref engine.Sdp.Audio;
        if (audio.Direction == direction || audio.IsHeldByAddress) return;
        var length = DirectionFilter.Write(engine.Sdp, direction, engine.HoldScratch);
        if (length > 0) engine.Sdp.Parse(engine.HoldScratch.AsSpan(0, length));
    }
}
