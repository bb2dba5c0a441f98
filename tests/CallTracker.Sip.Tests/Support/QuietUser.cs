using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Sip.Tests.Support;

/// <summary>Remembers the last request for <see cref="QuietSide"/>.</summary>
internal readonly struct QuietUser(QuietSide side) : ITransactionUser
{
    public void OnRequest(TransactionHandle tx, SipMessage request, in SipFlow flow, in ReceivedAt at) =>
        side.KeepRequest(tx, request);

    public void OnAck(SipMessage ack, in SipFlow flow, in ReceivedAt at)
    {
    }

    public void OnCancel(TransactionHandle inviteTx, int user, SipMessage cancel, in ReceivedAt at)
    {
    }

    public void OnResponse(TransactionHandle tx, int user, SipMessage response, in ReceivedAt at)
    {
    }

    public void OnStrayResponse(SipMessage response)
    {
    }

    public void OnTimeout(TransactionHandle tx, int user, in ReceivedAt at, SipTimeout which)
    {
    }

    public void OnTransportFailure(TransactionHandle tx, int user, in ReceivedAt at)
    {
    }
}
