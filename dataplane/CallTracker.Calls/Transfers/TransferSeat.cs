using CallTracker.Calls.Engine;

namespace CallTracker.Calls.Transfers;

/// <summary>
/// Shows a call as it is once its transfer is answered: the target's leg is the outbound one and its attempt the last.
/// Taken while a message to the target is written, so that the writers need not know of transfers; kept for good when
/// it answers.
/// </summary>
internal readonly ref struct TransferSeat
{
    private readonly Call _call;
    private readonly CallTransfer _transfer;

    private TransferSeat(Call call, CallTransfer transfer) => (_call, _transfer) = (call, transfer);

    public static TransferSeat Take(Call call, CallTransfer transfer)
    {
        call.Facts.TryAddAttempt(transfer.Target, transfer.Trunk);
        call.Facts.Attempts[^1].Endpoint = transfer.Endpoint;
        transfer.Leg = call.Seat(transfer.Leg);
        return new TransferSeat(call, transfer);
    }

    /// <summary>The call is again what it was.</summary>
    public void Leave()
    {
        _transfer.Leg = _call.Seat(_transfer.Leg);
        _call.Facts.DropAttempt();
    }
}
