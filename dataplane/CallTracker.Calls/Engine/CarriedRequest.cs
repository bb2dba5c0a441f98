using CallTracker.Core.Memory;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Engine;

/// <summary>
/// A request inside a dialog that waits for the other leg's answer. At most one of a kind per leg at a time.
/// </summary>
internal struct CarriedRequest
{
    /// <summary>The server transaction to answer.</summary>
    public TransactionHandle Server;
    /// <summary>The client transaction on the other leg.</summary>
    public TransactionHandle Client;
    /// <summary>The request, for writing its answer.</summary>
    public StoredRequest Stored;
    /// <summary>True when it carried an offer; the answer is in the 2xx then.</summary>
    public bool HasOffer;

    public readonly bool IsPending => !Stored.IsEmpty;

    public void Clear(BufferPool buffers)
    {
        Stored.Release(buffers);
        (Server, Client, HasOffer) = (default, default, false);
    }
}
