using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Core.Time;
using CallTracker.Media.Recording;

namespace CallTracker.Calls.Recording;

/// <summary>Pauses or resumes the recording of a call that is up, or notes the consent. Worker thread only.</summary>
internal static class OrderRecording
{
    public static RecordingReply Run(CallEngine engine, Call call, RecordingWish wish, in ReceivedAt at)
    {
        // Whose call it is shows by its route alone.
        if (call.Facts.Route is not { } route || !wish.Owns(route)) return new(RecordingReplyKind.Absent);
        if (call.State is CallState.LookingUp or CallState.Dialing) return new(RecordingReplyKind.NotAnswered);
        if (call.State != CallState.Talking) return new(RecordingReplyKind.Absent);
        if (call.Facts.Recording == CallRecording.Off) return new(RecordingReplyKind.NotRecorded);
        if (call.Facts.Recording == CallRecording.Failed) return new(RecordingReplyKind.Failed);
        var kind = engine.Media.Recording.Mark(call.Media, wish.Mark, at.NowMs) switch
        {
            TapMark.Done => RecordingReplyKind.Done,
            TapMark.Unchanged => RecordingReplyKind.Unchanged,
            TapMark.NoRoom => RecordingReplyKind.Busy,
            _ => RecordingReplyKind.Failed,
        };
        var state = engine.Media.Recording.StateOf(call.Media);
        return new(kind, state.IsPaused, state.HasConsent);
    }
}
