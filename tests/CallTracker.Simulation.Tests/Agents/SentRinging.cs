namespace CallTracker.Simulation.Tests.Agents;

/// <summary>
/// A reliable 18x that is repeated until its PRACK (RFC 3262 section 3). Owned by its <see cref="ShopParty"/>.
/// </summary>
internal sealed class SentRinging(ShopParty party, string text, int number, bool hasSdp)
{
    private const int GiveUpMs = 32_000;
    private readonly long _untilMs = party.World.NowMs + GiveUpMs;
    private int _intervalMs = 500;

    /// <summary>Its RSeq.</summary>
    public int Number { get; } = number;

    public bool HasSdp { get; } = hasSdp;

    public bool IsAcknowledged { get; set; }

    public void Start()
    {
        party.Agent.Send(text);
        party.World.Later(_intervalMs, Repeat);
    }

    private void Repeat()
    {
        if (IsAcknowledged || party.IsOver) return;
        if (party.World.NowMs >= _untilMs)
        {
            party.OnNoPrack();
            return;
        }
        party.Agent.Send(text);
        _intervalMs *= 2;
        party.World.Later(_intervalMs, Repeat);
    }
}
