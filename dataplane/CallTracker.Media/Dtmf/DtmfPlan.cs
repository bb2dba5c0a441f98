namespace CallTracker.Media.Dtmf;

/// <summary>What becomes of the digits that one side of a session presses.</summary>
/// <param name="From">How they come.</param>
/// <param name="To">How the other side is told; <see cref="DtmfWay.Pass"/>: not by us.</param>
/// <param name="IsRemoved">True takes them out of the relayed stream: event packets are dropped, tones are muted from
/// 40 ms after their beginning at the latest. Always so where they are told in another way.</param>
public readonly record struct DtmfPlan(DtmfFormat From, DtmfFormat To, bool IsRemoved)
{
    /// <summary>Digits are told in another form, or not at all.</summary>
    public bool Removes => IsRemoved || To.Way != DtmfWay.Pass;

    /// <summary>Events go on as events of another payload type or clock, packet by packet.</summary>
    public bool MapsEvents => From.Way == DtmfWay.Rfc4733 && To.Way == DtmfWay.Rfc4733;
}
