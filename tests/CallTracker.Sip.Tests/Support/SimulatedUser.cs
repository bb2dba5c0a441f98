using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Sip.Tests.Support;

/// <summary>Passes what the layer tells to its <see cref="SimulatedAgent"/>.</summary>
internal readonly struct SimulatedUser(SimulatedAgent agent) : ITransactionUser
{
    public void OnRequest(TransactionHandle tx, SipMessage request, in SipFlow flow, in ReceivedAt at) =>
        agent.OnRequest(tx, request);

    public void OnAck(SipMessage ack, in SipFlow flow, in ReceivedAt at) => agent.OnAck(ack);

    public void OnCancel(TransactionHandle inviteTx, int user, SipMessage cancel, in ReceivedAt at) =>
        agent.OnCancel(user);

    public void OnResponse(TransactionHandle tx, int user, SipMessage response, in ReceivedAt at) =>
        agent.OnResponse(user, response);

    public void OnStrayResponse(SipMessage response)
    {
    }

    public void OnTimeout(TransactionHandle tx, int user, in ReceivedAt at, SipTimeout which) =>
        agent.OnTimeout(user, which);

    public void OnTransportFailure(TransactionHandle tx, int user, in ReceivedAt at)
    {
    }
}
