using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Core.Time;
using CallTracker.Media.FastPath;
using CallTracker.Media.Recording;

namespace CallTracker.Calls.Recording;

/// <summary>
/// Begins and ends the recording of a call whose route asks for it: from the answer to the end, through holds and
/// transfers. Whatever becomes of the recording, the call goes on. Worker thread only.
/// </summary>
internal static class RecordCall
{
    /// <summary>A destination has answered.</summary>
    public static void Start(CallEngine engine, Call call, in ReceivedAt at)
    {
        if (call.Facts.Route?.Recording is not { } wanted) return;
        Span<byte> label = stackalloc byte[RecordingTap.LabelLengthMax];
        var length = RecordingLabel.Write(call.Facts, wanted.Owner, label);
        var start = new RecordingStart
        {
            UnixMs = at.UnixMs,
            // What one side sends is numbered as the other asked for it (RFC 3264 section 6.1).
            FormatsA = call.Outbound.Media.Formats,
            FormatsB = call.Inbound.Media.Formats,
            Sides = wanted.Sides,
        };
        // First, so that no packet passes in the kernel once the recording runs.
        engine.Media.SetNeeds(call.Media, MediaNeeds.Recording, isNeeded: true);
        var isStarted = engine.Media.Recording.TryStart(call.Media, start, label[..length], at.NowMs);
        if (!isStarted) engine.Media.SetNeeds(call.Media, MediaNeeds.Recording, isNeeded: false);
        call.Facts.Recording = isStarted ? (CallRecording)wanted.Sides : CallRecording.Failed;
    }

    /// <summary>A leg's media was described anew: what comes from the other side may be numbered otherwise.</summary>
    public static void OnMedia(CallEngine engine, Call call, CallLeg leg, in ReceivedAt at)
    {
        if (call.Facts.Recording is CallRecording.Off or CallRecording.Failed) return;
        engine.Media.Recording.SetFormats(call.Media, call.OtherThan(leg).Side, leg.Media.Formats, at.NowMs);
    }

    /// <summary>The call is over; before its session is closed.</summary>
    public static void Stop(CallEngine engine, Call call, in ReceivedAt at)
    {
        if (call.Facts.Recording != CallRecording.Off) engine.Media.Recording.Stop(call.Media, at.NowMs);
    }
}
