namespace CallTracker.Simulation.Tests.Agents;

/// <summary>A caller: dials, may cancel at any time, talks, hangs up. Owned by a <see cref="CarrierAgent"/>.</summary>
internal sealed class CallerParty(Agent agent, CallerPlan plan, string number, string called) : Party(agent, plan)
{
    private ClientTransaction? _invite;
    private bool _wantsOut;
    private bool _isCancelSent;
    private string _earlyTag = "";
    private int _lastReliable;
    private bool _hasRetried;

    /// <summary>The number in From, of this caller alone.</summary>
    public string Number { get; } = number;

    /// <summary>When the first 2xx came; 0 without.</summary>
    public long AnsweredMs { get; private set; }

    /// <summary>The final status of its INVITE; 0 while there is none.</summary>
    public int FinalCode => _invite?.FinalCode ?? 0;

    /// <summary>It answered the offer of a reliable 18x in its PRACK.</summary>
    public bool HasAnsweredEarly { get; private set; }

    /// <summary>
    /// Its BYE in the early dialog got a 2xx: that is the end for it, also when the answer that crossed it was lost.
    /// </summary>
    public bool HasLeftEarly { get; private set; }

    public void Start()
    {
        var node = World.EngineHost;
        Dialog = new AgentDialog
        {
            CallId = World.NextToken() + "@carrier",
            LocalTag = World.NextToken(),
            LocalAddress = $"<sip:{Number}@{Agent.Host}>",
            RemoteAddress = $"<sip:{called}@{node}>",
            RemoteTarget = $"sip:{called}@{node}",
            Host = Agent.Host,
            Abilities = Abilities,
        };
        Invite(plan.SessionSec);
        if (plan.CancelMs >= 0) World.Later(plan.CancelMs, GiveUp);
        if (plan.DieMs >= 0) World.Later(plan.DieMs, Die);
    }

    public override void OnProvisional(ClientTransaction tx, SimMessage response)
    {
        if (tx != _invite) return;
        if (response.ToTag.Length > 0) _earlyTag = response.ToTag;
        if (response.Header("Require").Contains("100rel", StringComparison.Ordinal)) Acknowledge(response);
        if (_wantsOut) Leave();
    }

    public override void OnFinal(ClientTransaction tx, SimMessage response)
    {
        if (tx != _invite)
        {
            HasLeftEarly |= tx.Request.Method == "BYE" && response.Code < 300 && !IsAnswered;
            base.OnFinal(tx, response);
            return;
        }
        if (response.Code == 422 && !_hasRetried && !_wantsOut)
        {
            // RFC 4028 section 7.3: once more, with the interval that was asked for.
            _hasRetried = true;
            Invite(int.Parse(response.Header("Min-SE"), null));
            return;
        }
        if (response.Code >= 300)
        {
            HasEnded = true;
            return;
        }
        Session.Take(response.Header("Session-Expires"), isAsker: true);
        // It answered although we wanted out: the dialog is there and must be ended.
        if (_wantsOut) HangUp();
        else StartMoves();
    }

    public override void OnTimeout(ClientTransaction tx)
    {
        base.OnTimeout(tx);
        if (tx != _invite) return;
        HasEnded = true;
    }

    public override string MakeAck(ClientTransaction tx, SimMessage response)
    {
        if (tx == _invite && !IsAnswered)
        {
            (IsAnswered, AnsweredMs) = (true, World.NowMs);
            Dialog.RemoteTag = response.ToTag;
            Dialog.RemoteTarget = SimMessage.UriOf(response.Header("Contact"));
        }
        if (tx == _invite && HasAnsweredEarly && !Plan.SkipsAck)
            return Dialog.Request("ACK", World.NextBranch(), "", "", tx.Request.CSeq);
        return base.MakeAck(tx, response);
    }

    private void Invite(int sessionSec)
    {
        var extra = plan.Fault == 1 ? "Require: frobnication\r\n" : plan.RequiresReliable ? "Require: 100rel\r\n" : "";
        if (sessionSec > 0) extra += string.Create(null, $"Session-Expires: {sessionSec}\r\n");
        var body = plan.IsLateOffer ? "" : MakeSdp("sendrecv");
        _invite = Agent.Start(this, Spoil(Dialog.Request("INVITE", World.NextBranch(), extra, body)));
    }

    // One PRACK for each new number (RFC 3262 section 4); it brings the answer where the 18x made the offer.
    private void Acknowledge(SimMessage response)
    {
        var number = int.Parse(response.Header("RSeq"), null);
        // A PRACK behind the BYE that ended the early dialog would overtake its repetitions.
        var hasLeft = _isCancelSent && plan.EndsEarlyWithBye;
        if (number <= _lastReliable || Plan.SkipsPrack || hasLeft || HasEnded || IsDead) return;
        _lastReliable = number;
        Dialog.RemoteTag = response.ToTag;
        Dialog.RemoteTarget = SimMessage.UriOf(response.Header("Contact"));
        var body = plan.IsLateOffer && response.HasSdp && !HasAnsweredEarly ? MakeSdp("sendrecv") : "";
        HasAnsweredEarly |= body.Length > 0;
        var rack = string.Create(null, $"RAck: {number} {_invite!.Request.CSeq} INVITE\r\n");
        Agent.Start(this, Dialog.Request("PRACK", World.NextBranch(), rack, body));
    }

    private void GiveUp()
    {
        if (IsDead || _invite!.IsDone) return;
        _wantsOut = true;
        if (_invite.HasProvisional) Leave();
    }

    private void Leave()
    {
        if (_isCancelSent || _invite!.IsDone) return;
        if (plan.EndsEarlyWithBye && _earlyTag.Length > 0)
        {
            _isCancelSent = true;
            Dialog.RemoteTag = _earlyTag;
            Agent.Start(this, Dialog.Request("BYE", World.NextBranch()));
        }
        else if (!plan.EndsEarlyWithBye)
        {
            _isCancelSent = true;
            Agent.Start(this, AgentDialog.SameTransaction(_invite.Request, "CANCEL", _invite.Request.Header("To")));
        }
    }

    private string Spoil(string invite) => plan.Fault switch
    {
        2 => invite.Replace("Max-Forwards: 70", "Max-Forwards: 0", StringComparison.Ordinal),
        3 => invite.Replace("application/sdp", "text/plain", StringComparison.Ordinal),
        4 => invite.Replace($"<sip:agent@{Agent.Host}>", "<no uri at all>", StringComparison.Ordinal),
        _ => invite,
    };
}
