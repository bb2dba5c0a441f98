using CallTracker.Simulation.Tests.Agents;

namespace CallTracker.Simulation.Tests.World;

/// <summary>
/// Reads all that the engine sends and what reaches it, and refuses what must never be on the wire: a message that
/// breaks the grammar, one to a peer it does not belong to, one that shows the other side's network. Owned by its seed.
/// </summary>
internal sealed class WireWatch(SimWorld world)
{
    private readonly Dictionary<string, CallTrace> _traces = [];

    /// <summary>Dialogs in the order in which they began.</summary>
    public List<CallTrace> Traces { get; } = [];

    public CallTrace? Find(string callId) => _traces.GetValueOrDefault(callId);

    /// <summary>The engine sends.</summary>
    public void OnSent(Agent to, SimMessage message)
    {
        var trace = Find(message.CallId);
        if (message.IsResponse) CheckResponse(to, message);
        else trace = CheckRequest(to, message, trace);
        CheckHidden(to, message);
        if (trace is null || trace.Node != to.Node) return;
        var opens = message.Method == "INVITE" && message.CSeq == trace.OpeningCSeq;
        if (!message.IsResponse && !trace.IsInbound) NoteOpening(trace, message);
        if (trace.IsInbound && message.IsResponse && opens) NoteAnswer(trace, message.Code);
        if (message.Method == "BYE" && !message.IsResponse) trace.HasByeSent = true;
    }

    /// <summary>A message that an agent wrote reaches the engine.</summary>
    public void OnArrived(Agent from, SimMessage message)
    {
        if (from is StrangerAgent) return;
        var trace = Find(message.CallId);
        if (trace is null && from is CarrierAgent) trace = Add(message, from, isInbound: true);
        if (trace is null) return;
        if (!message.IsResponse && trace.IsInbound) NoteOpening(trace, message);
        if (message.Method == "BYE" && !message.IsResponse)
            trace.ByeArrivedMs.TryAdd(message.FromTag, world.Clock.UnixMs);
        var isAnswer = message.IsResponse && message.Method == "INVITE" && message.Code is >= 200 and < 300;
        if (!isAnswer || message.CSeq != trace.OpeningCSeq || trace.AnswerArrivedMs != 0) return;
        (trace.AnswerArrivedMs, trace.AnswerTag) = (world.Clock.UnixMs, message.ToTag);
    }

    private static void NoteOpening(CallTrace trace, SimMessage request)
    {
        var isOpening = request.Method == "INVITE" && request.ToTag.Length == 0;
        if (!isOpening || request.CSeq <= trace.OpeningCSeq) return;
        (trace.OpeningCSeq, trace.FinalSent) = (request.CSeq, 0);
    }

    private void NoteAnswer(CallTrace trace, int code)
    {
        if (code == 100) trace.WasTried = true;
        if (code < 200) return;
        if (trace.FinalSent != 0 && trace.FinalSent != code)
            throw new SimulationException($"Two final answers to {trace.CallId}: {trace.FinalSent} and {code}");
        if (trace.FinalSent == 0) trace.FinalSentMs = world.Clock.UnixMs;
        trace.FinalSent = code;
    }

    // RFC 3261 section 18.2.2: a response goes to where the top Via's owner can be reached.
    private static void CheckResponse(Agent to, SimMessage message)
    {
        var via = message.Header("Via");
        if (!via.StartsWith("SIP/2.0/UDP " + to.Host + ";", StringComparison.Ordinal))
            throw new SimulationException($"A response goes to {to.Host} instead of its asker:\n{message.Text}");
    }

    private CallTrace CheckRequest(Agent to, SimMessage message, CallTrace? trace)
    {
        if (trace is null && message.Method == "INVITE" && to is ShopAgent)
            return Add(message, to, isInbound: false);
        if (trace is null || trace.Node != to.Node)
            throw new SimulationException($"A request of another's dialog goes to {to.Host}:\n{message.Text}");
        return trace;
    }

    // Addresses of agents begin with 10.1. (callers), 10.2. (shops) and 10.3. (strangers); no side may see another's.
    // Of direct media that is where the media goes, and nothing else.
    private void CheckHidden(Agent to, SimMessage message)
    {
        if (to is StrangerAgent) return;
        var other = to is CarrierAgent ? "10.2." : "10.1.";
        var text = message.Text;
        if (world.Terrain.DirectTrunks != 0) text = text.Replace("\r\nc=IN IP4 " + other, "", StringComparison.Ordinal);
        if (text.Contains(other, StringComparison.Ordinal))
            throw new SimulationException($"The other side's address is shown to {to.Host}:\n{message.Text}");
    }

    private CallTrace Add(SimMessage invite, Agent agent, bool isInbound)
    {
        var trace = new CallTrace
        {
            CallId = invite.CallId,
            Node = agent.Node,
            IsInbound = isInbound,
            Caller = SimMessage.UserOf(invite.Header("From")),
        };
        _traces.Add(trace.CallId, trace);
        Traces.Add(trace);
        return trace;
    }
}
