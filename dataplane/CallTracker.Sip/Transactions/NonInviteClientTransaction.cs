using static CallTracker.Sip.Transactions.TransactionActions;
using static CallTracker.Sip.Transactions.TransactionInput;
using static CallTracker.Sip.Transactions.TransactionState;

namespace CallTracker.Sip.Transactions;

/// <summary>The client machine of all requests but INVITE: RFC 3261 figure 6. Pure.</summary>
internal static class NonInviteClientTransaction
{
    private const TransactionActions Finish = Tell | StopRetransmit | StopGiveUp | StartLinger;

    public static TransactionStep Next(TransactionState state, TransactionInput input) => (state, input) switch
    {
        (Trying, RetransmitTimer) => new(Trying, SendAgain | DoubleIntervalToT2), // timer E
        (Trying, GiveUpTimer) => new(Terminated, TellTimeout),                    // timer F
        (Trying, TransportError) => new(Terminated, TellTransportError),
        (Trying, Provisional) => new(Proceeding, Tell),
        (Trying, Success or Failure) => new(Completed, Finish), // timer K

        (Proceeding, RetransmitTimer) => new(Proceeding, SendAgain | IntervalT2), // timer E
        (Proceeding, GiveUpTimer) => new(Terminated, TellTimeout),                // timer F
        (Proceeding, TransportError) => new(Terminated, TellTransportError),
        (Proceeding, Provisional) => new(Proceeding, Tell),
        (Proceeding, Success or Failure) => new(Completed, Finish), // timer K

        (Completed, LingerTimer) => new(Terminated, None), // timer K

        _ => new(state, None),
    };
}
