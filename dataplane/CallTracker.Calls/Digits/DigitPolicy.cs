using CallTracker.Calls.Engine;
using CallTracker.Media.Dtmf;
using CallTracker.Media.Sdp;

namespace CallTracker.Calls.Digits;

/// <summary>
/// How digits pass between the two legs of a call: by their trunks' settings and by what their descriptions agreed on.
/// Where both trunks have a way and the ways differ, each side is offered its own and the relay converts; where both
/// want telephone-event, each is offered a format for the clock of its codec and the relay maps what does not match.
/// Else nothing is touched. Works on the SDP that is open in <see cref="CallEngine.Sdp"/>. Worker thread only.
/// </summary>
internal static class DigitPolicy
{
    /// <summary>What a leg's peer said of its media, with the telephone-events of the open description.</summary>
    public static PeerMedia Note(CallEngine engine, Call call, CallLeg leg, in PeerMedia media)
    {
        if (WayOf(call, leg) == DtmfWay.Pass) return media;
        var events = TelephoneEventSdp.Read(engine.Sdp);
        return media with
        {
            Events = events,
            MissingEvents = TelephoneEventSdp.ReadMissing(engine.Sdp, events),
            AudioType = (byte)Math.Max(0, engine.Sdp.Audio.FirstPayloadType),
        };
    }

    /// <summary>Gives the open offer of a leg the formats that the other leg's trunk wants.</summary>
    public static void ApplyToOffer(CallEngine engine, Call call, CallLeg leg)
    {
        var way = WayOf(call, call.OtherThan(leg));
        if (Differ(WayOf(call, leg), way)) Write(engine, FormatsFor(way, leg));
    }

    /// <summary>
    /// The same for the kept offer of the caller and a trunk that is about to be asked.
    /// </summary>
    /// <param name="engine">The worker's engine.</param>
    /// <param name="call">The call.</param>
    /// <param name="offer">The offer, by now with the trunk's codecs alone.</param>
    /// <param name="way">How the trunk wants digits.</param>
    /// <returns>The offer itself, or another in <see cref="CallEngine.CodecScratch"/>.</returns>
    public static ReadOnlySpan<byte> OfferFor(
        CallEngine engine, Call call, ReadOnlySpan<byte> offer, DtmfWay way)
    {
        if (offer.IsEmpty || !Differ(WayOf(call, call.Inbound), way)) return offer;
        if (engine.Sdp.Parse(offer) != SdpParseResult.Ok) return offer;
        var wanted = FormatsFor(way, call.Inbound);
        var isWritten = TelephoneEventSdp.TryWrite(engine.Sdp, wanted, engine.CodecScratch, out var length);
        return isWritten ? engine.CodecScratch.AsSpan(0, length) : offer;
    }

    /// <summary>Gives the open answer the formats that the offerer can use.</summary>
    public static void ApplyToAnswer(CallEngine engine, Call call, CallLeg offerer, CallLeg answerer)
    {
        var (asked, answered) = (WayOf(call, offerer), WayOf(call, answerer));
        if (!Differ(asked, answered)) return;
        var (offered, taken) = (offerer.Media.Events, answerer.Media.Events);
        var clockHz = answerer.Media.ClockRateHz;
        var passes = asked == answered && (taken.Count == 0 || Matches(offered, taken, clockHz));
        var wanted = passes ? Common(offered, taken)
            : asked == DtmfWay.Rfc4733 ? One(offered, clockHz)
            : default;
        Write(engine, wanted);
    }

    /// <summary>Both descriptions are in force: the relay converts from now on, or no more.</summary>
    public static void Apply(CallEngine engine, Call call, CallLeg offerer, CallLeg answerer)
    {
        var asked = FormatOf(call, offerer, answerer, answerer);
        var answered = FormatOf(call, answerer, offerer, answerer);
        if (!Converts(call, offerer, answerer, asked, answered))
        {
            engine.Media.Dtmf.Clear(call.Media);
            return;
        }
        engine.Media.Dtmf.SetPlan(call.Media, offerer.Side, new DtmfPlan(asked, answered, IsRemoved: true));
        engine.Media.Dtmf.SetPlan(call.Media, answerer.Side, new DtmfPlan(answered, asked, IsRemoved: true));
    }

    private static void Write(CallEngine engine, in TelephoneEventSet wanted)
    {
        // What does not fit stays as it is: the codecs are worth more than the digits.
        if (TelephoneEventSdp.TryWrite(engine.Sdp, wanted, engine.CodecScratch, out var length))
            _ = engine.Sdp.Parse(engine.CodecScratch.AsSpan(0, length));
    }

    private static TelephoneEventSet FormatsFor(DtmfWay way, CallLeg offerer) =>
        way == DtmfWay.Rfc4733 ? offerer.Media.Events.With(offerer.Media.MissingEvents) : default;

    // Two trunks of one way need nothing done, unless it is telephone-event, which has clocks.
    private static bool Differ(DtmfWay one, DtmfWay other) =>
        one != DtmfWay.Pass && other != DtmfWay.Pass && (one != other || one == DtmfWay.Rfc4733);

    // Where audio may be converted its converter maps telephone-events, and nothing else touches digits.
    private static DtmfWay WayOf(Call call, CallLeg leg) =>
        call.IsDirect || call.Facts.InboundTrunk is { Transcode: true } || call.Trunk is { Transcode: true }
            ? DtmfWay.Pass
            : call.TrunkOf(leg)?.Dtmf ?? DtmfWay.Pass;

    // Two telephone-event trunks are left alone where the answerer takes none: the offerer sees that and plays tones.
    private static bool Converts(
        Call call, CallLeg offerer, CallLeg answerer, in DtmfFormat asked, in DtmfFormat answered)
    {
        var (one, other) = (WayOf(call, offerer), WayOf(call, answerer));
        if (!Differ(one, other) || answerer.Media.ClockRateHz <= 0) return false;
        if (one != other) return asked.Way != answered.Way;
        var taken = answerer.Media.Events;
        return taken.Count > 0 && !Matches(offerer.Media.Events, taken, answerer.Media.ClockRateHz);
    }

    // A telephone-event trunk whose description has none plays tones (RFC 4733 section 2.4).
    private static DtmfFormat FormatOf(Call call, CallLeg leg, CallLeg other, CallLeg answerer)
    {
        var (way, own) = (WayOf(call, leg), leg.Media.Events);
        if (way == DtmfWay.Rfc4733 && own.Count == 0) way = DtmfWay.InBand;
        var (type, clockHz) = (answerer.Media.AudioType, answerer.Media.ClockRateHz);
        if (way != DtmfWay.Rfc4733) return new DtmfFormat(way, default, 0, 0, type, clockHz);
        // It sends under the types that it was told, which are the other's and those that we added.
        var heard = own.With(other.Media.Events).With(other.Media.MissingEvents);
        var place = own.Choose(clockHz);
        return new DtmfFormat(way, heard, own.TypeAt(place), own.ClockHzAt(place), type, clockHz);
    }

    // The format that the answerer will use is one that the offerer has too.
    private static bool Matches(in TelephoneEventSet offered, in TelephoneEventSet taken, int clockHz)
    {
        var place = taken.Choose(clockHz);
        return place >= 0 && TelephoneEventSdp.HasClock(offered, taken.ClockHzAt(place));
    }

    private static TelephoneEventSet Common(in TelephoneEventSet offered, in TelephoneEventSet taken)
    {
        var common = default(TelephoneEventSet);
        for (var i = 0; i < taken.Count; i++)
        {
            if (TelephoneEventSdp.HasClock(offered, taken.ClockHzAt(i)))
                common = common.With(taken.TypeAt(i), taken.ClockHzAt(i));
        }
        return common;
    }

    private static TelephoneEventSet One(in TelephoneEventSet set, int clockHz)
    {
        var place = set.Choose(clockHz);
        return place < 0 ? default : default(TelephoneEventSet).With(set.TypeAt(place), set.ClockHzAt(place));
    }
}
