using CallTracker.Core.Linux;

namespace CallTracker.Node.Workers;

/// <summary>
/// Joins wake-ups under load: waking a thread costs more than relaying a packet, so a worker that gets many packets a
/// millisecond naps before it looks again and then takes them together. Under less load it never naps, and no packet
/// waits. Owned by one worker.
/// </summary>
internal struct WakeUpPace
{
    // From here on a nap gathers several packets; below it would only delay one.
    private const int EventsPerMsMin = 8;
    private const int NapMicroseconds = 150;
    private long _nowMs;
    private int _eventsThisMs;
    private bool _isLoaded;

    /// <summary>Counts a turn's events, and naps when the milliseconds before had many each.</summary>
    public void Turn(int eventCount, long nowMs)
    {
        if (nowMs != _nowMs)
        {
            _isLoaded = _eventsThisMs >= EventsPerMsMin * (nowMs - _nowMs);
            (_nowMs, _eventsThisMs) = (nowMs, 0);
        }
        _eventsThisMs += eventCount;
        // A full turn has more waiting behind it already.
        if (_isLoaded && eventCount < EventsPerMsMin) Nap.Microseconds(NapMicroseconds);
    }
}
