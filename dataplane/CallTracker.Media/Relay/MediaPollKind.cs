namespace CallTracker.Media.Relay;

/// <summary>
/// The media kinds among a worker's epoll data values, in the top byte. 1 is the worker's SIP, 4 its wake-up.
/// </summary>
public enum MediaPollKind : byte
{
    None = 0,
    Rtp = 2,
    Rtcp = 3,
}
