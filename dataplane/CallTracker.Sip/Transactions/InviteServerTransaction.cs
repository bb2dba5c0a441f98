using static CallTracker.Sip.Transactions.TransactionActions;
using static CallTracker.Sip.Transactions.TransactionInput;
using static CallTracker.Sip.Transactions.TransactionState;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// The INVITE server machine: RFC 3261 figure 7 with the Accepted state and timer L of RFC 6026 section 7.1, by which a
/// transport error is told and changes no state. The repetition of the 2xx until its ACK, which RFC 3261 section
/// 13.3.1.4 leaves to the user, is in the same table. Pure.
/// </summary>
internal static class InviteServerTransaction
{
    private const TransactionActions Final = Send | StartRetransmit | StartGiveUp;

    public static TransactionStep Next(TransactionState state, TransactionInput input) => (state, input) switch
    {
        (Proceeding, RequestAgain) => new(Proceeding, SendAgain),
        (Proceeding, Provisional) => new(Proceeding, Send),
        (Proceeding, Success) => new(Accepted, Final),
        (Proceeding, Failure) => new(Completed, Final), // timers G and H
        (Proceeding, TransportError) => new(Proceeding, TellTransportError),

        (Completed, RequestAgain) => new(Completed, SendAgain),
        (Completed, RetransmitTimer) => new(Completed, SendAgain | DoubleIntervalToT2), // timer G
        (Completed, GiveUpTimer) => new(Terminated, TellTimeout),                       // timer H
        (Completed, Ack) => new(Confirmed, StopRetransmit | StopGiveUp | StartLinger),  // timer I
        (Completed, TransportError) => new(Completed, TellTransportError),

        (Accepted, Success) => new(Accepted, Send),
        (Accepted, Ack) => new(Accepted, Tell),
        (Accepted, RetransmitTimer) => new(Accepted, SendAgain | DoubleIntervalToT2),
        (Accepted, GiveUpTimer) => new(Terminated, TellTimeout), // no ACK to the 2xx
        (Accepted, TransportError) => new(Accepted, TellTransportError),
        (Accepted, LingerTimer) => new(Terminated, None), // timer L

        (Confirmed, LingerTimer) => new(Terminated, None), // timer I

        _ => new(state, None),
    };
}
