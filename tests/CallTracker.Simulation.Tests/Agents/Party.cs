using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests.Agents;

/// <summary>
/// One side of one call at an agent: its dialog, what it does inside it and what it saw. Owned by its
/// <see cref="Agent"/>.
/// </summary>
internal abstract class Party
{
    private readonly List<SentAnswer> _answers = [];
    private ServerTransaction? _reinvite;
    private int _sdpVersion;

    protected Party(Agent agent, PartyPlan plan)
    {
        (Agent, Plan) = (agent, plan);
        Session = new Session(this);
    }

    public Agent Agent { get; }

    public SimWorld World => Agent.World;

    public PartyPlan Plan { get; }

    public Session Session { get; }

    /// <summary>What it says of itself.</summary>
    public string Abilities => "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE\r\n" + (Plan.HasReliable
        ? Plan.HasTimer ? "Supported: 100rel, timer\r\n" : "Supported: 100rel\r\n"
        : Plan.HasTimer ? "Supported: timer\r\n" : "");

    public AgentDialog Dialog { get; protected set; } = null!;

    /// <summary>Gone without a word: it sends and hears nothing any more.</summary>
    public bool IsDead { get; private set; }

    /// <summary>A 2xx was sent or received.</summary>
    public bool IsAnswered { get; protected set; }

    /// <summary>The dialog is over for this side, or never came to be.</summary>
    public bool HasEnded { get; protected set; }

    /// <summary>When it sent its first BYE; 0 when it did not.</summary>
    public long ByeSentMs { get; private set; }

    public long ByeReceivedMs { get; private set; }

    /// <summary>The last re-INVITE or UPDATE of ours.</summary>
    protected ClientTransaction? OwnOffer { get; private set; }

    public void Die() => IsDead = true;

    public virtual void OnProvisional(ClientTransaction tx, SimMessage response)
    {
    }

    public virtual void OnFinal(ClientTransaction tx, SimMessage response)
    {
        // RFC 3261 section 12.2.1.2: these say that the peer has no such dialog.
        if (tx.Request.Method != "BYE" && response.Code is 481 or 408 && IsAnswered) HangUp();
        var isRefresh = tx.Request.Method is "UPDATE" or "INVITE" && response.Code < 300;
        if (isRefresh) Session.Take(response.Header("Session-Expires"), isAsker: true);
    }

    public virtual void OnTimeout(ClientTransaction tx)
    {
        if (tx.IsInvite && IsAnswered) HangUp();
    }

    /// <summary>The ACK to a 2xx; empty sends none.</summary>
    public virtual string MakeAck(ClientTransaction tx, SimMessage response)
    {
        if (Plan.SkipsAck) return "";
        var body = tx.Request.HasSdp || !response.HasSdp ? "" : MakeSdp("sendrecv");
        return Dialog.Request("ACK", World.NextBranch(), "", body, tx.Request.CSeq);
    }

    /// <summary>A request inside the dialog.</summary>
    public void OnRequest(ServerTransaction tx)
    {
        if (IsChallenged(tx)) return;
        switch (tx.Request.Method)
        {
            case "BYE":
                OnBye(tx);
                break;
            case "INVITE":
                OnReinvite(tx);
                break;
            case "UPDATE":
                OnUpdate(tx);
                break;
            case "PRACK":
                OnPrack(tx);
                break;
            case "INFO" or "OPTIONS":
                if (Plan.AnswersRequests) Respond(tx, HasEnded ? 481 : 200);
                break;
            default:
                Respond(tx, 501);
                break;
        }
    }

    public virtual void OnAck(SimMessage ack)
    {
        foreach (var answer in _answers)
        {
            if (answer.CSeq != ack.CSeq) continue;
            // The engine may end an exchange that the caller left unanswered; then it acknowledges without SDP.
            answer.IsAcknowledged = true;
        }
    }

    /// <summary>True when the request was answered with a challenge and must come again.</summary>
    protected virtual bool IsChallenged(ServerTransaction tx) => false;

    /// <summary>Sends an UPDATE (RFC 3311), where no other exchange is under way.</summary>
    public void StartUpdate(string body, string extra)
    {
        if (HasEnded || IsDead || OwnOffer is { IsDone: false } || _reinvite is not null) return;
        OwnOffer = Agent.Start(this, Dialog.Request("UPDATE", World.NextBranch(), extra, body));
    }

    /// <summary>Our 2xx was never acknowledged (RFC 3261 section 13.3.1.4).</summary>
    public void OnNoAck() => HangUp();

    public void OnReinviteCancelled(ServerTransaction invite)
    {
        if (_reinvite == invite) _reinvite = null;
        Respond(invite, 487);
    }

    /// <summary>Ends the dialog with BYE, once.</summary>
    public void HangUp()
    {
        if (HasEnded || IsDead) return;
        (HasEnded, ByeSentMs) = (true, World.NowMs);
        if (_reinvite is { IsFinal: false } pending) Respond(pending, 487);
        Abandon();
        Agent.Start(this, Dialog.Request("BYE", World.NextBranch()));
    }

    /// <summary>Schedules what the plan wants to be done inside the dialog.</summary>
    protected void StartMoves()
    {
        foreach (var (delayMs, move) in Plan.Moves) World.Later(delayMs, () => Do(move));
    }

    protected string MakeSdp(string direction)
    {
        _sdpVersion++;
        var host = Agent.Host[..Agent.Host.LastIndexOf('.')] + ".9";
        return $"v=0\r\no=- {Agent.Node}77 {_sdpVersion} IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n" +
            $"m=audio {40_000 + (Agent.Node * 2)} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n" +
            $"a=rtpmap:101 telephone-event/8000\r\na={direction}\r\n";
    }

    /// <summary>Answers an INVITE with 2xx and repeats it until its ACK.</summary>
    protected void Accept(ServerTransaction invite, string body, int sessionSecMax)
    {
        IsAnswered = true;
        invite.MarkAnswered();
        var session = Plan.HasTimer ? Session.Echo(invite.Request.Header("Session-Expires"), sessionSecMax) : "";
        // An answer without an interval ends the timer (RFC 4028 section 9).
        Session.Take(SessionOf(session), isAsker: false);
        var answer = new SentAnswer(this, invite.Request, Dialog.Response(invite.Request, 200, body, session));
        _answers.Add(answer);
        answer.Start();
    }

    protected void Respond(ServerTransaction tx, int code, string body = "", string extra = "") =>
        tx.Respond(Dialog.Response(tx.Request, code, body, extra), code);

    protected void Abandon()
    {
        foreach (var answer in _answers) answer.IsAbandoned = true;
    }

    private void OnBye(ServerTransaction tx)
    {
        if (ByeReceivedMs == 0) ByeReceivedMs = World.NowMs;
        Respond(tx, HasEnded && ByeSentMs == 0 ? 481 : 200);
        if (_reinvite is { IsFinal: false } pending) Respond(pending, 487);
        _reinvite = null;
        HasEnded = true;
        Abandon();
    }

    /// <summary>A PRACK; only who rang reliably expects one.</summary>
    protected virtual void OnPrack(ServerTransaction tx) => Respond(tx, 481);

    private void OnUpdate(ServerTransaction tx)
    {
        if (!Plan.AnswersRequests) return;
        var isCrossing = tx.Request.HasSdp && (OwnOffer is { IsDone: false } || _reinvite is not null);
        var code = HasEnded ? 481 : isCrossing ? 491 : 200;
        var session = code == 200 ? Session.Echo(tx.Request.Header("Session-Expires"), 0) : "";
        if (code == 200) Session.Take(SessionOf(session), isAsker: false);
        Respond(tx, code, code == 200 && tx.Request.HasSdp ? MakeSdp("sendrecv") : "", session);
    }

    private static string SessionOf(string lines) =>
        lines.Length == 0 ? "" : lines[(lines.IndexOf("Expires: ", StringComparison.Ordinal) + 9)..^2];

    private void OnReinvite(ServerTransaction tx)
    {
        var refusal = HasEnded ? 481 : OwnOffer is { IsDone: false } ? 491 : _reinvite is not null ? 500 : 0;
        if (refusal == 0 && Plan.ReinviteAnswer >= 300) refusal = Plan.ReinviteAnswer;
        if (refusal != 0)
        {
            Respond(tx, refusal);
            return;
        }
        _reinvite = tx;
        if (Plan.TriesReinvite) Respond(tx, 100);
        // 0: it never answers, only CANCEL or BYE gets it out of that.
        if (Plan.ReinviteAnswer != 0) World.Later(Plan.ReinviteDelayMs, () => AnswerReinvite(tx));
    }

    private void AnswerReinvite(ServerTransaction tx)
    {
        if (_reinvite != tx || tx.IsFinal || IsDead || HasEnded) return;
        _reinvite = null;
        Accept(tx, MakeSdp("sendrecv"), 0);
    }

    private void Do(PartyMove move)
    {
        if (HasEnded || IsDead || !IsAnswered) return;
        switch (move)
        {
            case PartyMove.HangUp:
                HangUp();
                break;
            case PartyMove.Die:
                Die();
                break;
            case PartyMove.Hold or PartyMove.Resume or PartyMove.LateOffer:
                StartReinvite(move);
                break;
            case PartyMove.Update:
                StartUpdate(MakeSdp("sendonly"), Session.Header);
                break;
            case PartyMove.Refresh:
                StartUpdate("", Session.Header);
                break;
            case PartyMove.Info:
                Agent.Start(this, Dialog.Request("INFO", World.NextBranch(), "", "Signal=5\r\n"));
                break;
            case PartyMove.Refer:
                var target = $"Refer-To: <sip:0311112222@{Agent.Host}>\r\n";
                Agent.Start(this, Dialog.Request("REFER", World.NextBranch(), target));
                break;
            case PartyMove.Options:
                Agent.Start(this, Dialog.Request("OPTIONS", World.NextBranch()));
                break;
            default:
                Agent.Start(this, Dialog.Request("FROBNICATE", World.NextBranch()));
                break;
        }
    }

    // One exchange at a time on a side (RFC 3261 section 14.1).
    private void StartReinvite(PartyMove move)
    {
        if (OwnOffer is { IsDone: false } || _reinvite is not null) return;
        var body = move == PartyMove.LateOffer ? "" : MakeSdp(move == PartyMove.Hold ? "sendonly" : "sendrecv");
        var reinvite = Agent.Start(this, Dialog.Request("INVITE", World.NextBranch(), "", body));
        OwnOffer = reinvite;
        if (Plan.CancelReinviteMs >= 0) World.Later(Plan.CancelReinviteMs, () => Cancel(reinvite));
    }

    // A CANCEL waits for a provisional response (RFC 3261 section 9.1); one that never comes needs no CANCEL.
    private void Cancel(ClientTransaction reinvite)
    {
        if (IsDead || reinvite.IsDone || !reinvite.HasProvisional) return;
        var request = reinvite.Request;
        Agent.Start(this, AgentDialog.SameTransaction(request, "CANCEL", request.Header("To")));
    }
}
