namespace CallTracker.Simulation.Tests.Agents;

/// <summary>
/// A shop, or one branch of a proxy that forks: rings, answers or not, talks, hangs up. Owned by its
/// <see cref="ShopAgent"/>.
/// </summary>
internal sealed class ShopParty : Party
{
    private readonly ShopPlan _plan;
    private readonly ServerTransaction _invite;

    public ShopParty(Agent agent, ShopPlan plan, ServerTransaction invite)
        : base(agent, plan)
    {
        (_plan, _invite) = (plan, invite);
        var request = invite.Request;
        Dialog = new AgentDialog
        {
            CallId = request.CallId,
            LocalTag = agent.World.NextToken(),
            RemoteTag = request.FromTag,
            LocalAddress = request.Header("To"),
            RemoteAddress = request.Header("From").Replace(
                ";tag=" + request.FromTag, "", StringComparison.Ordinal),
            RemoteTarget = SimMessage.UriOf(request.Header("Contact")),
            Host = agent.Host,
        };
    }

    /// <summary>The caller's number as it was shown.</summary>
    public string Caller => SimMessage.UserOf(_invite.Request.Header("From"));

    public void Ring()
    {
        if (_plan.IsSilent)
        {
            Die();
            return;
        }
        if (_plan.SendsTrying || _plan.OnlyTries) Respond(_invite, 100);
        if (_plan.OnlyTries) return;
        if (_plan.RingMs >= 0) World.Later(_plan.RingMs, () => RingWith(_plan.HasEarlyMedia));
        if (_plan.RingsAgainMs >= 0) World.Later(_plan.RingsAgainMs, () => RingWith(!_plan.HasEarlyMedia));
        if (_plan.FinalMs >= 0) World.Later(_plan.FinalMs, () => Finish(_plan.FinalCode));
    }

    /// <summary>The branch of a fork that only answers, after or before the other.</summary>
    public void AnswerAsFork() => World.Later(_plan.ForkAnswerMs, () =>
    {
        if (!IsDead && _invite.Code < 300 && !IsAnswered) Accept(_invite, MakeAnswer());
    });

    public void OnCancel()
    {
        if (_plan.IgnoresCancel || _invite.IsFinal) return;
        HasEnded = true;
        Respond(_invite, 487);
    }

    public override void OnAck(SimMessage ack)
    {
        var isFirst = ack.CSeq == _invite.Request.CSeq && !HasStartedMoves;
        base.OnAck(ack);
        if (!isFirst || HasEnded) return;
        HasStartedMoves = true;
        StartMoves();
    }

    private bool HasStartedMoves { get; set; }

    private void RingWith(bool hasMedia)
    {
        if (_invite.IsFinal || IsDead) return;
        // An offer in a provisional response would need a reliable one (RFC 3262).
        var body = hasMedia && _invite.Request.HasSdp ? MakeAnswer() : "";
        Respond(_invite, hasMedia ? 183 : 180, body);
    }

    private void Finish(int code)
    {
        if (_invite.IsFinal || IsDead) return;
        if (code == 200)
        {
            Accept(_invite, MakeAnswer());
            return;
        }
        HasEnded = true;
        Respond(_invite, code);
    }

    private string MakeAnswer() => _plan.AnswersWithout switch
    {
        1 => "",
        2 => MakeSdp("sendrecv").Replace("m=audio", "m=video", StringComparison.Ordinal),
        _ => MakeSdp("sendrecv"),
    };
}
