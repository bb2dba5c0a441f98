using CallTracker.Core.Time;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Engine;

/// <summary>One leg's session timer (RFC 4028). Part of its leg.</summary>
internal struct SessionTimer
{
    private const int MarginMsMax = 32_000;

    /// <summary>The interval agreed; 0 when the peer speaks no session timers.</summary>
    public int IntervalSec;

    /// <summary>The longest Min-SE the peer has shown; 0 when none.</summary>
    public int MinSec;

    /// <summary>Times the peer has asked for a longer interval with 422.</summary>
    public byte RaiseCount;

    /// <summary>True when we refresh, false when the peer does.</summary>
    public bool IsOurs;

    /// <summary>
    /// True where the peer agreed to nothing, and is asked only so that a lost BYE is found: a refusal is an answer.
    /// </summary>
    public bool IsProbe;

    /// <summary>Monotonic time of the last refresh.</summary>
    public long RefreshedMs;
    public TimerHandle Timer;

    /// <summary>Our refresh under way.</summary>
    public TransactionHandle Refresh;

    /// <summary>A session that nobody refreshed ends a little early (RFC 4028 section 10).</summary>
    public readonly long ExpiresMs
    {
        get
        {
            var intervalMs = IntervalSec * 1000L;
            return RefreshedMs + intervalMs - Math.Min(MarginMsMax, intervalMs / 3);
        }
    }

    /// <summary>When the timer has work: the refresh at half the interval, else the end.</summary>
    public readonly long DueMs => IsOurs ? RefreshedMs + (IntervalSec * 500L) : ExpiresMs;
}
