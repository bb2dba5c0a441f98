using static CallTracker.Sip.Transactions.TransactionActions;
using static CallTracker.Sip.Transactions.TransactionInput;
using static CallTracker.Sip.Transactions.TransactionState;

namespace CallTracker.Sip.Transactions;

/// <summary>The server machine of all requests but INVITE: RFC 3261 figure 8. Pure.</summary>
internal static class NonInviteServerTransaction
{
    private const TransactionActions Final = Send | StopGiveUp | StartLinger;

    public static TransactionStep Next(TransactionState state, TransactionInput input) => (state, input) switch
    {
        (Trying, Provisional) => new(Proceeding, Send),
        (Trying, Success or Failure) => new(Completed, Final), // timer J
        (Trying, GiveUpTimer) => new(Terminated, TellTimeout), // RFC 4320 section 4.2
        (Trying, TransportError) => new(Terminated, TellTransportError),

        (Proceeding, RequestAgain) => new(Proceeding, SendAgain),
        (Proceeding, Provisional) => new(Proceeding, Send),
        (Proceeding, Success or Failure) => new(Completed, Final), // timer J
        (Proceeding, GiveUpTimer) => new(Terminated, TellTimeout), // RFC 4320 section 4.2
        (Proceeding, TransportError) => new(Terminated, TellTransportError),

        (Completed, RequestAgain) => new(Completed, SendAgain),
        (Completed, TransportError) => new(Terminated, TellTransportError),
        (Completed, LingerTimer) => new(Terminated, None), // timer J

        _ => new(state, None),
    };
}
