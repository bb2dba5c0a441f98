namespace CallTracker.Simulation.Tests.Agents;

/// <summary>
/// A request of an agent with its own retransmission (RFC 3261 section 17.1), kept to the end of the seed so that late
/// responses find it. Owned by its <see cref="Agent"/>.
/// </summary>
internal sealed class ClientTransaction(Party party, SimMessage request)
{
    private const int T1Ms = 500;
    private const int T2Ms = 4_000;
    private const int GiveUpMs = 64 * T1Ms;
    private readonly Dictionary<string, string> _acks = [];
    private int _intervalMs = T1Ms;

    public SimMessage Request { get; } = request;

    public bool IsInvite { get; } = request.Method == "INVITE";

    public bool HasProvisional { get; private set; }

    public bool IsDone { get; private set; }

    /// <summary>0 while there is none, and after a timeout.</summary>
    public int FinalCode { get; private set; }

    public void Start()
    {
        party.Agent.Send(Request.Text);
        party.World.Later(_intervalMs, Repeat);
        party.World.Later(GiveUpMs, GiveUp);
    }

    public void Receive(SimMessage response)
    {
        if (party.IsDead) return;
        if (response.Code < 200)
        {
            HasProvisional = true;
            if (!IsDone) party.OnProvisional(this, response);
            return;
        }
        if (IsInvite && response.Code >= 300)
            party.Agent.Send(AgentDialog.SameTransaction(Request, "ACK", response.Header("To")));
        if (IsInvite && response.Code < 300) AcknowledgeSuccess(response);
        if (IsDone) return;
        (IsDone, FinalCode) = (true, response.Code);
        party.OnFinal(this, response);
    }

    // Every repetition of a 2xx gets its ACK again, and every fork one of its own.
    private void AcknowledgeSuccess(SimMessage response)
    {
        if (!_acks.TryGetValue(response.ToTag, out var ack))
        {
            ack = party.MakeAck(this, response);
            _acks[response.ToTag] = ack;
        }
        if (ack.Length > 0) party.Agent.Send(ack);
    }

    private bool IsWaiting => !IsDone && !party.IsDead && !(IsInvite && HasProvisional);

    private void Repeat()
    {
        if (!IsWaiting) return;
        party.Agent.Send(Request.Text);
        _intervalMs = IsInvite ? _intervalMs * 2 : HasProvisional ? T2Ms : Math.Min(_intervalMs * 2, T2Ms);
        party.World.Later(_intervalMs, Repeat);
    }

    private void GiveUp()
    {
        if (!IsWaiting) return;
        IsDone = true;
        party.OnTimeout(this);
    }
}
