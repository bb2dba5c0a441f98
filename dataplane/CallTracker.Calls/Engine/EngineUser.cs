using CallTracker.Calls.InDialog;
using CallTracker.Calls.Steps;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Engine;

/// <summary>
/// The transaction user: every event of the transaction layer, one line each, to the step that handles it.
/// </summary>
internal readonly struct EngineUser(CallEngine engine) : ITransactionUser
{
    public void OnRequest(TransactionHandle tx, SipMessage request, in SipFlow flow, in ReceivedAt at) =>
        RequestSwitch.Run(engine, tx, request, flow, at);

    public void OnAck(SipMessage ack, in SipFlow flow, in ReceivedAt at) => TakeAck.Run(engine, ack, flow, at);

    public void OnCancel(TransactionHandle inviteTx, int user, SipMessage cancel, in ReceivedAt at) =>
        TakeCancel.Run(engine, inviteTx, CallRef.FromUser(user), cancel, at);

    public void OnResponse(TransactionHandle tx, int user, SipMessage response, in ReceivedAt at) =>
        ResponseSwitch.Run(engine, tx, CallRef.FromUser(user), response, at);

    public void OnStrayResponse(SipMessage response)
    {
        if (!engine.Prober.TryTake(response)) engine.Counters.StrayResponses++;
    }

    public void OnTimeout(TransactionHandle tx, int user, in ReceivedAt at, SipTimeout which) =>
        TakeTimeout.Run(engine, tx, CallRef.FromUser(user), which, at);

    public void OnTransportFailure(TransactionHandle tx, int user, in ReceivedAt at) =>
        TakeTimeout.RunTransportFailure(engine, tx, CallRef.FromUser(user), at);
}
