namespace CallTracker.Media.Dtmf;

/// <summary>
/// Hears keys in the telephone-event packets of one source (RFC 4733 section 2.5.2): packets of one event share its
/// timestamp, so repeated and late ones change nothing; an event whose end is lost ends with the next or by
/// <see cref="Expire"/>; one longer than a duration can say goes on in segments, each beginning where the last one
/// ended. No clock, no allocation, no error: what makes no sense is ignored.
/// </summary>
internal struct TelephoneEventReceiver
{
    /// <summary>Silence that ends an event: updates come every 20 to 50 ms, and three in a row may be lost.</summary>
    public const int ExpiryMs = 200;
    // What lies further back than this is another stream, not a late packet.
    private const int LateSecMax = 10;
    private uint _segment;
    private uint _passed;
    private uint _duration;
    private long _heardMs;
    private int _clockHz;
    private byte _key;
    private bool _hasHeard;

    /// <summary>True while a key is down.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Takes one packet's event.</summary>
    /// <param name="packet">Its payload.</param>
    /// <param name="timestamp">Its RTP timestamp.</param>
    /// <param name="clockHz">The clock of its payload type, above 0.</param>
    /// <param name="marker">True in the first packet of an event.</param>
    /// <param name="nowMs">When it came.</param>
    /// <param name="sink">Is told what follows from it.</param>
    public void Take<TSink>(
        in TelephoneEvent packet, uint timestamp, int clockHz, bool marker, long nowMs, ref TSink sink)
        where TSink : IDigitSink
    {
        if (packet.Code >= DtmfKey.Count) return;
        var ahead = unchecked((int)(timestamp - _segment));
        var isKnown = _hasHeard && clockHz == _clockHz;
        if (isKnown && ahead < 0 && ahead > -LateSecMax * clockHz) return;
        if (isKnown && ahead == 0 && packet.Code == _key) Update(packet, nowMs, ref sink);
        else if (isKnown && Continues(packet, ahead, marker)) Continue(packet, timestamp, nowMs, ref sink);
        else Begin(packet, timestamp, clockHz, nowMs, ref sink);
    }

    /// <summary>Ends an event of which nothing came for <see cref="ExpiryMs"/>.</summary>
    public void Expire<TSink>(long nowMs, ref TSink sink)
        where TSink : IDigitSink
    {
        if (IsOpen && nowMs - _heardMs >= ExpiryMs) End(ref sink);
    }

    /// <summary>The source is another one from here on; a key that is down is let go.</summary>
    public void Reset<TSink>(ref TSink sink)
        where TSink : IDigitSink
    {
        if (IsOpen) End(ref sink);
        _hasHeard = false;
    }

    private void Begin<TSink>(in TelephoneEvent packet, uint timestamp, int clockHz, long nowMs, ref TSink sink)
        where TSink : IDigitSink
    {
        if (IsOpen) End(ref sink);
        (_segment, _passed, _duration, _clockHz) = (timestamp, 0, packet.Duration, clockHz);
        (_key, _heardMs, _hasHeard, IsOpen) = (packet.Code, nowMs, true, true);
        sink.OnBegin(_key);
        if (packet.IsEnd) End(ref sink);
    }

    private void Update<TSink>(in TelephoneEvent packet, long nowMs, ref TSink sink)
        where TSink : IDigitSink
    {
        if (!IsOpen) return;
        _heardMs = nowMs;
        _duration = Math.Max(_duration, packet.Duration);
        if (packet.IsEnd) End(ref sink);
    }

    // Section 2.5.1.3: the next segment's timestamp is this one's and its duration, 0xffff when its last packet is
    // lost.
    private readonly bool Continues(in TelephoneEvent packet, int ahead, bool marker) =>
        IsOpen && !marker && packet.Code == _key && (ahead == _duration || ahead == ushort.MaxValue);

    private void Continue<TSink>(in TelephoneEvent packet, uint timestamp, long nowMs, ref TSink sink)
        where TSink : IDigitSink
    {
        _passed += unchecked(timestamp - _segment);
        (_segment, _duration, _heardMs) = (timestamp, packet.Duration, nowMs);
        if (packet.IsEnd) End(ref sink);
    }

    private void End<TSink>(ref TSink sink)
        where TSink : IDigitSink
    {
        IsOpen = false;
        sink.OnEnd(_key, (int)Math.Min(int.MaxValue, ((ulong)_passed + _duration) * 1000 / (ulong)_clockHz));
    }
}
