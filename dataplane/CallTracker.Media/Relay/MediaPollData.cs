namespace CallTracker.Media.Relay;

/// <summary>The epoll data value of a media socket: kind in bits 56 to 63, index of the port pair in bits 0 to
/// 31.</summary>
public static class MediaPollData
{
    private const int KindShift = 56;

    public static ulong Encode(MediaPollKind kind, int pairIndex) => ((ulong)kind << KindShift) | (uint)pairIndex;

    /// <summary>True when the event belongs to the relay.</summary>
    public static bool IsMedia(ulong data) => Kind(data) is MediaPollKind.Rtp or MediaPollKind.Rtcp;

    public static MediaPollKind Kind(ulong data) => (MediaPollKind)(data >> KindShift);

    public static int PairIndex(ulong data) => (int)(uint)data;
}
