using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Digest;

/// <summary>
/// A view of one digest challenge (RFC 7616 section 3.3): what a server wants before it serves. It dies with the buffer
/// it points into. Values are those between the quotes, escapes untouched: that is what the digest is made of.
/// </summary>
public ref struct DigestChallengeView
{
    /// <summary>The longest nonce taken, in bytes.</summary>
    public const int NonceLengthMax = 512;

    /// <summary>The longest realm and opaque taken, in bytes.</summary>
    public const int TextLengthMax = 256;
    private bool _hasRealm;
    private bool _hasNonce;
    private bool _hasQop;
    private bool _isDoubled;

    public ReadOnlySpan<byte> Realm { get; private set; }

    public ReadOnlySpan<byte> Nonce { get; private set; }

    /// <summary>Empty when there is none.</summary>
    public ReadOnlySpan<byte> Opaque { get; private set; }

    /// <summary>The nonce was too old; the user and password may be right (RFC 7616 section 3.3).</summary>
    public bool IsStale { get; private set; }

    public DigestAlgorithm Algorithm { get; private set; }

    /// <summary>The algorithm was named; a nameless one is MD5, and is answered without a name.</summary>
    public bool HasAlgorithm { get; private set; }

    /// <summary>What is offered, of what is known; none for servers of RFC 2069.</summary>
    public DigestQop Qop { get; private set; }

    // An offer of nothing but unknown qualities cannot be answered; without any it is RFC 2069.
    private readonly bool IsUsable => _hasRealm && _hasNonce && !_isDoubled && Algorithm != DigestAlgorithm.Unknown
        && (!_hasQop || Qop != DigestQop.None) && Nonce.Length is > 0 and <= NonceLengthMax
        && Realm.Length <= TextLengthMax && Opaque.Length <= TextLengthMax;

    /// <summary>
    /// The strongest challenge that can be answered, the first among equals (RFC 8760 section 2.4); with
    /// <paramref name="realm"/> given, of that realm only.
    /// </summary>
    public static bool TryFindBest(
        SipMessage response, SipHeaderKind kind, scoped ReadOnlySpan<byte> realm, out DigestChallengeView best)
    {
        best = default;
        for (var i = 0; i < response.Count(kind); i++)
        {
            var rest = response.Header(kind, i);
            while (TryTake(ref rest, out var one))
            {
                var isWanted = one.IsUsable && (realm.IsEmpty || one.Realm.SequenceEqual(realm));
                if (isWanted && one.Algorithm > best.Algorithm) best = one;
            }
        }
        return best.Algorithm != DigestAlgorithm.Unknown;
    }

    /// <summary>Reads a value that holds one challenge; false when it cannot be answered.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out DigestChallengeView view) =>
        TryTake(ref value, out view) && view.IsUsable;

    // challenge = "Digest" LWS digest-cln *(COMMA digest-cln); a value that breaks off ends the list
    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, out DigestChallengeView view)
    {
        view = default;
        if (!DigestFields.TryTakeScheme(ref rest, out var scheme)) return false;
        var isDigest = SipText.EqualsIgnoreCase(scheme, "Digest"u8);
        var one = new DigestChallengeView { Algorithm = DigestAlgorithm.Md5 };
        for (var count = 0; count <= DigestFields.CountMax; count++)
        {
            var result = TakeField(ref rest, ref one);
            if (result == FieldResult.Malformed) return false;
            if (result == FieldResult.Field) continue;
            if (isDigest) view = one;
            return true;
        }
        return false;
    }

    private static FieldResult TakeField(scoped ref ReadOnlySpan<byte> rest, ref DigestChallengeView one)
    {
        var result = DigestFields.TryTake(ref rest, out var name, out var value);
        if (result != FieldResult.Field) return result;
        if (SipText.EqualsIgnoreCase(name, "realm"u8)) one.SetRealm(value);
        else if (SipText.EqualsIgnoreCase(name, "nonce"u8)) one.SetNonce(value);
        else if (SipText.EqualsIgnoreCase(name, "opaque"u8)) one.Opaque = value;
        else if (SipText.EqualsIgnoreCase(name, "stale"u8)) one.IsStale = SipText.EqualsIgnoreCase(value, "true"u8);
        else if (SipText.EqualsIgnoreCase(name, "algorithm"u8)) one.SetAlgorithm(value);
        else if (SipText.EqualsIgnoreCase(name, "qop"u8)) one.SetQop(value);
        return result;
    }

    // A field that comes twice could be read as one by us and as the other by whoever checks: such a challenge is void.
    private void SetRealm(ReadOnlySpan<byte> value)
    {
        _isDoubled |= _hasRealm;
        _hasRealm = true;
        Realm = value;
    }

    private void SetNonce(ReadOnlySpan<byte> value)
    {
        _isDoubled |= _hasNonce;
        _hasNonce = true;
        Nonce = value;
    }

    private void SetAlgorithm(ReadOnlySpan<byte> value)
    {
        _isDoubled |= HasAlgorithm;
        (HasAlgorithm, Algorithm) = (true, DigestAlgorithms.Parse(value));
    }

    private void SetQop(ReadOnlySpan<byte> value)
    {
        _isDoubled |= _hasQop;
        (_hasQop, Qop) = (true, DigestQops.ParseList(value));
    }
}
