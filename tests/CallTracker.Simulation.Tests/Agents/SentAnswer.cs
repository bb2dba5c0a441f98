namespace CallTracker.Simulation.Tests.Agents;

/// <summary>
/// A 2xx to INVITE that is repeated until its ACK (RFC 3261 section 13.3.1.4). Owned by its <see cref="Party"/>.
/// </summary>
internal sealed class SentAnswer(Party party, SimMessage invite, string text)
{
    private const int T2Ms = 4_000;
    private const int GiveUpMs = 32_000;
    private readonly long _untilMs = party.World.NowMs + GiveUpMs;
    private int _intervalMs = 500;

    public int CSeq { get; } = invite.CSeq;

    /// <summary>True when the INVITE had no SDP, so that the ACK must bring the answer.</summary>
    public bool MadeOffer { get; } = !invite.HasSdp;

    public bool IsAcknowledged { get; set; }

    public void Start()
    {
        party.Agent.Send(text);
        party.World.Later(_intervalMs, Repeat);
    }

    /// <summary>The dialog was ended by the other side: nobody will acknowledge any more.</summary>
    public bool IsAbandoned { get; set; }

    private void Repeat()
    {
        if (IsAcknowledged || IsAbandoned || party.IsDead) return;
        if (party.World.NowMs >= _untilMs)
        {
            party.OnNoAck();
            return;
        }
        party.Agent.Send(text);
        _intervalMs = Math.Min(_intervalMs * 2, T2Ms);
        party.World.Later(_intervalMs, Repeat);
    }
}
