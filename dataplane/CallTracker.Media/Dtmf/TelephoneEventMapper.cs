namespace CallTracker.Media.Dtmf;

/// <summary>
/// Turns the events of one source into those of another clock, packet by packet. The duration is counted from the
/// event's own beginning over all its segments, and cut into segments anew where the new clock makes it longer than 16
/// bits (RFC 4733 section 2.5.1.3). No clock, no allocation.
/// </summary>
internal struct TelephoneEventMapper
{
    // What lies further back than this is another stream, not a late packet.
    private const int LateSecMax = 10;
    private uint _segmentIn;
    private uint _passedIn;
    private uint _startOut;
    private ushort _durationIn;
    private byte _code;
    private bool _isEnded;
    private bool _hasEvent;

    /// <summary>Maps one packet; false for a late one of an event before, which nobody needs any more.</summary>
    /// <param name="packet">As it came; replaced by the mapped one.</param>
    /// <param name="timestamp">Its timestamp; replaced by that of the mapped event.</param>
    /// <param name="clockIn">Its clock, above 0.</param>
    /// <param name="clockOut">The clock wanted, above 0.</param>
    /// <param name="beginOut">The timestamp of an event that begins with this packet.</param>
    public bool TryMap(
        ref TelephoneEvent packet, ref uint timestamp, int clockIn, int clockOut, uint beginOut)
    {
        var ahead = unchecked((int)(timestamp - _segmentIn));
        if (_hasEvent && ahead < 0 && ahead > -LateSecMax * clockIn) return false;
        if (!_hasEvent || packet.Code != _code || timestamp != _segmentIn) Turn(packet, timestamp, beginOut);
        _durationIn = Math.Max(_durationIn, packet.Duration);
        _isEnded |= packet.IsEnd;
        var total = ((ulong)_passedIn + packet.Duration) * (ulong)clockOut / (ulong)clockIn;
        var segment = total == 0 ? 0 : (total - 1) / ushort.MaxValue;
        timestamp = unchecked(_startOut + (uint)(segment * ushort.MaxValue));
        packet = packet with { Duration = (ushort)(total - (segment * ushort.MaxValue)) };
        return true;
    }

    // Another event, or the next segment of the same.
    private void Turn(in TelephoneEvent packet, uint timestamp, uint beginOut)
    {
        var ahead = unchecked(timestamp - _segmentIn);
        var isSegment = _hasEvent && !_isEnded && packet.Code == _code
            && (ahead == _durationIn || ahead == ushort.MaxValue);
        if (isSegment)
        {
            _passedIn += ahead;
        }
        else
        {
            (_passedIn, _startOut, _isEnded) = (0, beginOut, false);
        }
        (_segmentIn, _durationIn, _code, _hasEvent) = (timestamp, 0, packet.Code, true);
    }
}
