using System.Text;
using CallTracker.Core.Net;
using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests.Agents;

/// <summary>
/// Somebody at an admitted address who sends what belongs to nobody: requests of other people's dialogs with a wrong
/// tag, answers nobody asked for, bytes that are no message. None of it may change a call. Owned by its
/// <see cref="SimWorld"/>.
/// </summary>
internal sealed class StrangerAgent(SimWorld world, int node, IpEndpoint address, Random random)
    : Agent(world, node, address)
{
    private static readonly string[] Methods = ["BYE", "INFO", "ACK", "INVITE", "CANCEL", "OPTIONS", "UPDATE"];

    public void Plan(int count)
    {
        for (; count > 0; count--) World.Later(random.Next(20_000), Disturb);
    }

    protected override void OnInvite(ServerTransaction tx) =>
        throw new SimulationException($"An INVITE to a stranger:\n{tx.Request.Text}");

    private void Disturb()
    {
        var parties = World.Parties.Where(p => p.Dialog is not null).ToList();
        if (parties.Count == 0 || random.Next(3) == 0) SendGarbage();
        else if (random.Next(2) == 0) SendStrayAnswer(parties[random.Next(parties.Count)]);
        else SendForgery(parties[random.Next(parties.Count)]);
    }

    private void SendGarbage()
    {
        var bytes = new byte[random.Next(1, 600)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0) "BYE sip:x SIP/2.0\r\n"u8[..Math.Min(bytes.Length, 19)].CopyTo(bytes);
        World.SendToEngine(Node, bytes);
    }

    // All of the dialog is right but one tag, as it is when it was guessed.
    private void SendForgery(Party party)
    {
        var dialog = party.Dialog;
        var method = Methods[random.Next(Methods.Length)];
        var (fromTag, toTag) = random.Next(2) == 0
            ? (World.NextToken(), dialog.RemoteTag)
            : (dialog.LocalTag, "ct000" + World.NextToken());
        if (toTag.Length == 0) toTag = "none";
        Send($"{method} {dialog.RemoteTarget} SIP/2.0\r\nVia: SIP/2.0/UDP {Host};branch={World.NextBranch()}\r\n" +
            $"Max-Forwards: 70\r\nFrom: {dialog.LocalAddress};tag={fromTag}\r\n" +
            $"To: {dialog.RemoteAddress};tag={toTag}\r\nCall-ID: {dialog.CallId}\r\n" +
            $"CSeq: 99 {method}\r\nContact: <sip:x@{Host}>\r\nContent-Length: 0\r\n\r\n");
    }

    private void SendStrayAnswer(Party party) => World.SendToEngine(Node, Encoding.Latin1.GetBytes(
        $"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP {World.EngineHost};branch={World.NextBranch()}\r\n" +
        $"From: {party.Dialog.LocalAddress};tag={party.Dialog.LocalTag}\r\n" +
        $"To: {party.Dialog.RemoteAddress};tag={World.NextToken()}\r\nCall-ID: {party.Dialog.CallId}\r\n" +
        $"CSeq: 1 INVITE\r\nContact: <sip:x@{Host}>\r\nContent-Length: 0\r\n\r\n"));
}
