using static CallTracker.Sip.Transactions.TransactionActions;
using static CallTracker.Sip.Transactions.TransactionInput;
using static CallTracker.Sip.Transactions.TransactionState;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// The INVITE client machine: RFC 3261 figure 5 with the Accepted state and timer M of RFC 6026 section 7.2. Pure.
/// </summary>
internal static class InviteClientTransaction
{
    public static TransactionStep Next(TransactionState state, TransactionInput input) => (state, input) switch
    {
        (Calling, RetransmitTimer) => new(Calling, SendAgain | DoubleInterval),                       // timer A
        (Calling, GiveUpTimer) => new(Terminated, TellTimeout),                                       // timer B
        (Calling, TransportError) => new(Terminated, TellTransportError),
        (Calling, Provisional) => new(Proceeding, Tell | StopRetransmit | StopGiveUp),
        (Calling, Success) => new(Accepted, Tell | StopRetransmit | StopGiveUp | StartLinger),        // timer M
        (Calling, Failure) => new(Completed, SendAck | Tell | StopRetransmit | StopGiveUp | StartLinger), // timer D

        (Proceeding, Provisional) => new(Proceeding, Tell),
        (Proceeding, Success) => new(Accepted, Tell | StopGiveUp | StartLinger),
        (Proceeding, Failure) => new(Completed, SendAck | Tell | StopGiveUp | StartLinger),
        (Proceeding, GiveUpTimer) => new(Terminated, TellTimeout), // 64*T1 after CANCEL, section 9.1

        (Completed, Failure) => new(Completed, SendAck),
        (Completed, TransportError) => new(Terminated, TellTransportError),
        (Completed, LingerTimer) => new(Terminated, None), // timer D

        (Accepted, Success) => new(Accepted, Tell),
        (Accepted, LingerTimer) => new(Terminated, None), // timer M

        _ => new(state, None),
    };
}
