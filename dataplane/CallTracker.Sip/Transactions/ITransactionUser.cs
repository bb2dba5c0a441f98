using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// What a <see cref="TransactionLayer{TUser,TTransport}"/> tells the layer above (the TU of RFC 3261 section 17), on
/// the worker's thread. The messages die when the call returns. The user may call the layer from inside, except
/// Receive and Advance.
/// </summary>
public interface ITransactionUser
{
    /// <summary>A request opened a server transaction; it waits for Respond.</summary>
    void OnRequest(TransactionHandle tx, SipMessage request, in SipFlow flow, in ReceivedAt at);

    /// <summary>An ACK that belongs to no transaction: the ACK to a 2xx. The user matches it by dialog.</summary>
    void OnAck(SipMessage ack, in SipFlow flow, in ReceivedAt at);

    /// <summary>
    /// A CANCEL for an INVITE without final response; the CANCEL itself is answered. The user answers the INVITE with
    /// 487.
    /// </summary>
    void OnCancel(TransactionHandle inviteTx, int user, SipMessage cancel, in ReceivedAt at);

    /// <summary>
    /// A response to a client transaction. A 2xx to INVITE with another To tag comes as a further one (fork).
    /// </summary>
    void OnResponse(TransactionHandle tx, int user, SipMessage response, in ReceivedAt at);

    /// <summary>A response that belongs to no transaction.</summary>
    void OnStrayResponse(SipMessage response);

    /// <summary>A transaction ended without what it waited for; the handle is spent.</summary>
    void OnTimeout(TransactionHandle tx, int user, in ReceivedAt at, SipTimeout which);

    /// <summary>A message could not be handed to the transport; told from Advance, never from inside a call.</summary>
    void OnTransportFailure(TransactionHandle tx, int user, in ReceivedAt at);
}
