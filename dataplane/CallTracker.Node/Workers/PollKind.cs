namespace CallTracker.Node.Workers;

/// <summary>
/// The top byte of a worker's epoll data: what kind of descriptor is ready. 2 and 3 belong to the media relay.
/// </summary>
internal enum PollKind : byte
{
    Sip = 1,
    WakeUp = 4,
    /// <summary>SIP of the other IP version.</summary>
    SecondSip = 5,
}
