using CallTracker.Sip.Digest;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// A copy of the request that was challenged last: its transaction forgets it before the user is told. One per layer,
/// overwritten by the next challenge. Owned by one worker thread.
/// </summary>
public sealed class ChallengedRequest
{
    private const int TriesShift = 5;
    private const TransactionFlags TriesMask =
        TransactionFlags.TriedServer | TransactionFlags.TriedProxy | TransactionFlags.TriedStale;
    private readonly byte[] _bytes = new byte[SipMessage.LengthMax];

    /// <summary>The parsed copy; valid while its response is being told.</summary>
    public SipMessage Request { get; } = new();

    /// <summary>Where it was sent.</summary>
    public SipFlow Flow { get; private set; }

    /// <summary>What its chain has answered before.</summary>
    public DigestTries Tries { get; private set; }

    internal TransactionHandle Tx { get; private set; }

    internal static TransactionFlags FlagsOf(DigestTries tries) => (TransactionFlags)((int)tries << TriesShift);

    internal void Keep(TransactionTables tables, int index)
    {
        ref readonly var tx = ref tables.Slab[index];
        var kept = tables.Store.Read(tx.Kept);
        Tx = default;
        if (kept.IsEmpty) return;
        kept.CopyTo(_bytes);
        Request.Parse(_bytes, 0, kept.Length);
        if (Request.Result != SipParseResult.Ok) return;
        Tx = tables.Slab.HandleOf(index);
        Flow = tx.Flow;
        Tries = (DigestTries)((int)(tx.Flags & TriesMask) >> TriesShift);
    }
}
