using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Sip.Tests.Support;

/// <summary>Writes down what is told.</summary>
internal readonly struct RecordingUser(LayerLog log) : ITransactionUser
{
    public void OnRequest(TransactionHandle tx, SipMessage request, in SipFlow flow, in ReceivedAt at)
    {
        log.Tell($"Request {Wire.Text(request.MethodText)}", tx);
        log.OnRequest?.Invoke(tx, Wire.Text(request.Bytes));
    }

    public void OnAck(SipMessage ack, in SipFlow flow, in ReceivedAt at) => log.Tell("Ack", default);

    public void OnCancel(TransactionHandle inviteTx, int user, SipMessage cancel, in ReceivedAt at) =>
        log.Tell($"Cancel {user}", inviteTx);

    public void OnResponse(TransactionHandle tx, int user, SipMessage response, in ReceivedAt at) =>
        log.Tell($"Response {response.StatusCode} {user} {Wire.Text(response.ToTag)}".TrimEnd(), tx);

    public void OnStrayResponse(SipMessage response) => log.Tell($"Stray {response.StatusCode}", default);

    public void OnTimeout(TransactionHandle tx, int user, in ReceivedAt at, SipTimeout which) =>
        log.Tell($"Timeout {which} {user}", tx);

    public void OnTransportFailure(TransactionHandle tx, int user, in ReceivedAt at) => log.Tell($"Failure {user}", tx);
}
