namespace CallTracker.Simulation.Tests.Agents;

/// <summary>
/// A shop, or one branch of a proxy that forks: rings, answers or not, talks, hangs up. Owned by its
/// <see cref="ShopAgent"/>.
/// </summary>
internal sealed class ShopParty : Party
{
    private readonly ShopPlan _plan;
    private readonly ServerTransaction _invite;
    private readonly List<SentRinging> _rings = [];

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
            Abilities = Abilities,
        };
    }

    /// <summary>Nothing provisional makes sense any more.</summary>
    public bool IsOver => IsDead || HasEnded || _invite.IsFinal;

    /// <summary>The caller's number as it was shown.</summary>
    public string Caller => SimMessage.UserOf(_invite.Request.Header("From"));

    public void Ring()
    {
        if (_plan.IsSilent)
        {
            Die();
            return;
        }
        if (IsChallenged(_invite))
        {
            HasEnded = true;
            return;
        }
        var session = _invite.Request.Header("Session-Expires");
        if (session.Length > 0 && int.Parse(session.Split(';')[0], null) < _plan.MinSessionSec)
        {
            HasEnded = true;
            Respond(_invite, 422, "", string.Create(null, $"Min-SE: {_plan.MinSessionSec}\r\n"));
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
        if (!IsDead && _invite.Code < 300 && !IsAnswered) Accept(_invite, MakeAnswer(), 0);
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
        var isReliable = IsReliable;
        // The one before waits for its PRACK (RFC 3262 section 3).
        if (isReliable && _rings.Exists(ring => !ring.IsAcknowledged)) return;
        // The first reliable one has the offer where the INVITE had none; an unreliable one cannot have it.
        var mustOffer = isReliable && !_invite.Request.HasSdp && _rings.Count == 0;
        var body = mustOffer || (hasMedia && _invite.Request.HasSdp) ? MakeAnswer() : "";
        if (isReliable) RingReliably(body);
        else Respond(_invite, hasMedia ? 183 : 180, body);
    }

    private bool IsReliable => _plan.HasReliable && (_invite.Request.Header("Supported") + ","
        + _invite.Request.Header("Require")).Contains("100rel", StringComparison.Ordinal);

    private void RingReliably(string body)
    {
        var number = 100 + _rings.Count;
        var code = body.Length > 0 ? 183 : 180;
        var extra = string.Create(null, $"Require: 100rel\r\nRSeq: {number}\r\n");
        var ring = new SentRinging(this, Dialog.Response(_invite.Request, code, body, extra), number, body.Length > 0);
        _invite.MarkRinging();
        _rings.Add(ring);
        ring.Start();
    }

    /// <summary>A reliable 18x was never acknowledged (RFC 3262 section 3).</summary>
    public void OnNoPrack() => Finish(504);

    protected override void OnPrack(ServerTransaction tx)
    {
        var ring = _rings.Find(r => tx.Request.Header("RAck") ==
            string.Create(null, $"{r.Number} {_invite.Request.CSeq} INVITE"));
        if (ring is null || HasEnded)
        {
            Respond(tx, 481);
            return;
        }
        ring.IsAcknowledged = true;
        Respond(tx, 200);
    }

    protected override bool IsChallenged(ServerTransaction tx)
    {
        if (!World.Terrain.HasDigest || !_plan.Challenges) return false;
        var challenge = ((ShopAgent)Agent).Guard.ChallengeOf(tx.Request, World.NowMs);
        if (challenge.Length == 0) return false;
        Respond(tx, 401, "", challenge);
        return true;
    }

    private void Finish(int code)
    {
        if (_invite.IsFinal || IsDead) return;
        // A description under way must arrive before the answer (RFC 3262 section 5).
        if (code == 200 && _rings.Exists(ring => ring.HasSdp && !ring.IsAcknowledged))
        {
            World.Later(100, () => Finish(code));
            return;
        }
        if (code == 200)
        {
            var isDescribed = _rings.Exists(ring => ring.HasSdp);
            var mayRepeat = _invite.Request.HasSdp && _plan.RepeatsSdp;
            Accept(_invite, isDescribed && !mayRepeat ? "" : MakeAnswer(), _plan.SessionSec);
            return;
        }
        HasEnded = true;
        Respond(_invite, code, "", code == 302 ? ((ShopAgent)Agent).NextRedirect() : "");
    }

    private string MakeAnswer() => _plan.AnswersWithout switch
    {
        1 => "",
        2 => MakeSdp("sendrecv").Replace("m=audio", "m=video", StringComparison.Ordinal),
        _ => MakeSdp("sendrecv"),
    };
}
