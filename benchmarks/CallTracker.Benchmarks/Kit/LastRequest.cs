using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Benchmarks.Kit;

/// <summary>A user that remembers the last transaction it was told of.</summary>
internal struct LastRequest : ITransactionUser
{
    public TransactionHandle Handle { get; private set; }

    public int AckCount { get; private set; }

    public void OnRequest(TransactionHandle tx, SipMessage request, in SipFlow flow, in ReceivedAt at) => Handle = tx;

    public void OnAck(SipMessage ack, in SipFlow flow, in ReceivedAt at) => AckCount++;

    public readonly void OnCancel(TransactionHandle inviteTx, int user, SipMessage cancel, in ReceivedAt at)
    {
    }

    public readonly void OnResponse(TransactionHandle tx, int user, SipMessage response, in ReceivedAt at)
    {
    }

    public readonly void OnStrayResponse(SipMessage response)
    {
    }

    public readonly void OnTimeout(TransactionHandle tx, int user, in ReceivedAt at, SipTimeout which)
    {
    }

    public readonly void OnTransportFailure(TransactionHandle tx, int user, in ReceivedAt at)
    {
    }
}
