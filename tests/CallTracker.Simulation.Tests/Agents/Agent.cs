using System.Text;
using CallTracker.Core.Net;
using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests.Agents;

/// <summary>
/// A scripted user agent at one address: matches messages to its transactions and hands them to its parties. Shares no
/// code with the product. Owned by its <see cref="SimWorld"/>.
/// </summary>
internal abstract class Agent(SimWorld world, int node, IpEndpoint address)
{
    private readonly Dictionary<string, ClientTransaction> _client = [];
    private readonly Dictionary<string, ServerTransaction> _server = [];

    public SimWorld World { get; } = world;

    public int Node { get; } = node;

    public IpEndpoint Address { get; } = address;

    public string Host { get; } = address.ToString();

    public List<Party> Parties { get; } = [];

    public IEnumerable<ClientTransaction> ClientTransactions => _client.Values;

    public void Send(string text) => World.SendToEngine(Node, Encoding.Latin1.GetBytes(text));

    /// <summary>Sends a request in a transaction of its own.</summary>
    public ClientTransaction Start(Party party, string text)
    {
        var request = SimMessage.Read(Encoding.Latin1.GetBytes(text));
        var transaction = new ClientTransaction(party, request);
        _client.Add(request.Branch + request.Method, transaction);
        transaction.Start();
        return transaction;
    }

    public void Receive(SimMessage message)
    {
        if (message.IsResponse)
        {
            if (_client.TryGetValue(message.Branch + message.Method, out var client)) client.Receive(message);
        }
        else if (message.Method == "ACK")
        {
            ReceiveAck(message);
        }
        else if (_server.TryGetValue(message.Branch + message.Method, out var known))
        {
            known.OnRepeated();
        }
        else
        {
            Open(message);
        }
    }

    /// <summary>An INVITE outside any dialog.</summary>
    protected abstract void OnInvite(ServerTransaction tx);

    /// <summary>A CANCEL that found its INVITE, which has no final answer yet.</summary>
    protected virtual void OnCancel(ServerTransaction invite)
    {
    }

    private void Open(SimMessage request)
    {
        var tx = new ServerTransaction(this, request);
        _server.Add(request.Branch + request.Method, tx);
        if (request.Method == "CANCEL") ReceiveCancel(tx);
        else if (request.ToTag.Length > 0) ReceiveInDialog(tx);
        else if (request.Method == "INVITE") OnInvite(tx);
        else throw new SimulationException($"A request outside any dialog:\n{request.Text}");
    }

    private void ReceiveCancel(ServerTransaction cancel)
    {
        if (!_server.TryGetValue(cancel.Request.Branch + "INVITE", out var invite))
        {
            // The network may lose the INVITE, but a CANCEL waits for a provisional response.
            throw new SimulationException($"A CANCEL without its INVITE:\n{cancel.Request.Text}");
        }
        cancel.Party = invite.Party;
        if (invite.Party is { IsDead: true }) return;
        Answer(cancel, 200);
        if (invite.IsFinal) return;
        if (invite.Request.ToTag.Length > 0) invite.Party!.OnReinviteCancelled(invite);
        else OnCancel(invite);
    }

    private void ReceiveInDialog(ServerTransaction tx)
    {
        var party = Find(tx.Request);
        tx.Party = party;
        if (party is null) Answer(tx, 481);
        else if (!party.IsDead) party.OnRequest(tx);
    }

    private void ReceiveAck(SimMessage ack)
    {
        if (_server.TryGetValue(ack.Branch + "INVITE", out var refused)) refused.IsAcknowledged = true;
        else if (Find(ack) is { IsDead: false } party) party.OnAck(ack);
    }

    private Party? Find(SimMessage message)
    {
        foreach (var party in Parties)
        {
            if (party.Dialog.LocalTag == message.ToTag && party.Dialog.CallId == message.CallId) return party;
        }
        return null;
    }

    private static void Answer(ServerTransaction tx, int code)
    {
        var vias = string.Concat(tx.Request.Headers("Via").Select(v => $"Via: {v}\r\n"));
        var to = tx.Request.Header("To");
        if (tx.Request.ToTag.Length == 0) to += ";tag=any";
        tx.Respond(
            $"SIP/2.0 {code} Reason\r\n{vias}From: {tx.Request.Header("From")}\r\nTo: {to}\r\n" +
            $"Call-ID: {tx.Request.CallId}\r\nCSeq: {tx.Request.Header("CSeq")}\r\nContent-Length: 0\r\n\r\n",
            code);
    }
}
