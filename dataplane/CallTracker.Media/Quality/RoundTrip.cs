using System.Runtime.CompilerServices;

namespace CallTracker.Media.Quality;

/// <summary>
/// The round trip from here to one peer and back: when its answer to a sender report passes, the time since that report
/// passed less the time the peer held it (RFC 3550 section 6.4.1, LSR and DLSR). Remembers the last four reports. Lives
/// in its side.
/// </summary>
internal struct RoundTrip
{
    private const int MarkCount = 4;
    // Two clocks that are read in whole milliseconds.
    private const long TooEarlyUs = 20_000;
    private Marks _sent;
    private byte _next;
    private long _sumUs;

    /// <summary>Round trips measured.</summary>
    public uint Count { get; private set; }

    /// <summary>The last, in microseconds; -1 before any.</summary>
    public readonly long LastUs => Count == 0 ? -1 : _lastUs;

    /// <summary>The mean, in microseconds; -1 before any.</summary>
    public readonly long MeanUs => Count == 0 ? -1 : _sumUs / Count;

    /// <summary>The longest, in microseconds; -1 before any.</summary>
    public readonly long MaxUs => Count == 0 ? -1 : _maxUs;

    private long _lastUs;
    private long _maxUs;

    /// <summary>A sender report goes to the peer.</summary>
    /// <param name="ntpMiddle">The middle 32 bits of its NTP time.</param>
    /// <param name="nowMs">Now.</param>
    public void OnSent(uint ntpMiddle, long nowMs)
    {
        _sent[_next] = new Mark(ntpMiddle, nowMs);
        _next = (byte)((_next + 1) % MarkCount);
    }

    /// <summary>The peer says which report it had last, and how long ago.</summary>
    /// <param name="lastReport">LSR; 0 when it had none.</param>
    /// <param name="heldFor">DLSR, in 65,536ths of a second.</param>
    /// <param name="nowMs">Now.</param>
    public void OnAnswered(uint lastReport, uint heldFor, long nowMs)
    {
        if (lastReport == 0) return;
        for (var i = 0; i < MarkCount; i++)
        {
            if (_sent[i].NtpMiddle != lastReport) continue;
            Take(((nowMs - _sent[i].AtMs) * 1000) - (long)(heldFor * 1_000_000UL / 65_536));
            return;
        }
    }

    private void Take(long us)
    {
        if (us < -TooEarlyUs) return;
        _lastUs = Math.Max(0, us);
        _maxUs = Math.Max(_maxUs, _lastUs);
        _sumUs += _lastUs;
        Count++;
    }

    private readonly record struct Mark(uint NtpMiddle, long AtMs);

    [InlineArray(MarkCount)]
    private struct Marks
    {
        private Mark _first;
    }
}
