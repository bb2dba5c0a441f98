using System.Text;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// What identifies a transaction, as a keyed 64-bit hash. The hash is compared alone: under a secret key two different
/// identities meet once in 2^64 pairs, and no peer can look for such a pair. Owned by its layer.
/// </summary>
/// <param name="seed">Secret of the layer.</param>
internal sealed class TransactionKeys(ulong seed)
{
    private const ushort SipPort = 5060;
    private readonly SipHash _hash = new(seed);

    /// <summary>
    /// RFC 3261 section 17.2.3: branch, sent-by and method, where ACK counts as INVITE. Branches without the cookie
    /// come from RFC 2543 agents and are identified by Request-URI, From tag, Call-ID, CSeq number and the whole top
    /// Via. The To tag is left out: an ACK has it and its INVITE does not.
    /// </summary>
    public ulong OfServer(SipMessage request, SipMethod method)
    {
        var via = request.TopVia;
        if (method == SipMethod.Ack) method = SipMethod.Invite;
        var key = OfMethodAndPort(via, method);
        if (method == SipMethod.Unknown) key = _hash.Hash(request.MethodText, key);
        if (!via.HasUniqueBranch) return OfOldAgent(request, via, key);
        return _hash.Hash(via.Branch, HashLower(via.SentByHost, key));
    }

    /// <summary>The same for an INVITE of which only the top Via was read; its branch must be unique.</summary>
    public ulong OfInvite(in SipViaView via) =>
        _hash.Hash(via.Branch, HashLower(via.SentByHost, OfMethodAndPort(via, SipMethod.Invite)));

    /// <summary>RFC 3261 section 17.1.3: the branch of the top Via and the method of CSeq.</summary>
    public ulong OfClient(ReadOnlySpan<byte> branch, SipMethod method, ReadOnlySpan<byte> methodText)
    {
        var key = _hash.Hash((ulong)method | (1UL << 32));
        if (method == SipMethod.Unknown) key = _hash.Hash(methodText, key);
        return _hash.Hash(branch, key);
    }

    /// <summary>Never 0, which means no tag yet.</summary>
    public ulong OfTag(ReadOnlySpan<byte> tag) => _hash.Hash(tag, 2) | 1;

    private ulong OfMethodAndPort(in SipViaView via, SipMethod method) =>
        _hash.Hash((ulong)method | ((ulong)(via.SentByPort == 0 ? SipPort : via.SentByPort) << 8));

    private ulong OfOldAgent(SipMessage request, in SipViaView via, ulong key)
    {
        key = _hash.Hash(request.CSeqNumber, key);
        key = _hash.Hash(request.RequestUri, key);
        key = _hash.Hash(request.FromTag, key);
        key = _hash.Hash(request.CallId, key);
        return _hash.Hash(via.Text, key);
    }

    // Hosts compare without case; longer ones than any name in use are taken as they are.
    private ulong HashLower(ReadOnlySpan<byte> host, ulong key)
    {
        Span<byte> lower = stackalloc byte[64];
        var isLowered = Ascii.ToLower(host, lower, out var length) == System.Buffers.OperationStatus.Done;
        return _hash.Hash(isLowered ? lower[..length] : host, key);
    }
}
