using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Digest;

/// <summary>
/// A view of the digest in an Authorization or Proxy-Authorization header (RFC 7616 section 3.4). It dies with the
/// buffer it points into.
/// </summary>
public ref struct DigestCredentialsView
{
    /// <summary>The longest field taken, in bytes.</summary>
    public const int TextLengthMax = 512;
    private int _seen;

    public ReadOnlySpan<byte> Username { get; private set; }

    public ReadOnlySpan<byte> Realm { get; private set; }

    public ReadOnlySpan<byte> Nonce { get; private set; }

    public ReadOnlySpan<byte> Uri { get; private set; }

    /// <summary>The hexadecimal digits.</summary>
    public ReadOnlySpan<byte> Response { get; private set; }

    /// <summary>Empty without <see cref="Qop"/>.</summary>
    public ReadOnlySpan<byte> Cnonce { get; private set; }

    /// <summary>The eight digits as sent; empty without <see cref="Qop"/>.</summary>
    public ReadOnlySpan<byte> NonceCountText { get; private set; }

    public DigestAlgorithm Algorithm { get; private set; }

    public DigestQop Qop { get; private set; }

    /// <summary>How often the nonce was used, this time included; 1 without <see cref="Qop"/>.</summary>
    public uint NonceCount { get; private set; }

    // credentials = "Digest" LWS digest-response, digest-response = dig-resp *(COMMA dig-resp)
    public static bool TryParse(ReadOnlySpan<byte> value, out DigestCredentialsView view)
    {
        view = default;
        if (!DigestFields.TryTakeScheme(ref value, out var scheme)) return false;
        if (!SipText.EqualsIgnoreCase(scheme, "Digest"u8)) return false;
        view.Algorithm = DigestAlgorithm.Md5;
        view.NonceCount = 1;
        for (var count = 0; count <= DigestFields.CountMax; count++)
        {
            var result = DigestFields.TryTake(ref value, out var name, out var text);
            if (result == FieldResult.Malformed) return false;
            if (result == FieldResult.End) return value.IsEmpty && view.IsComplete();
            if (text.Length > TextLengthMax || !view.TrySet(name, text)) return false;
        }
        return false;
    }

    // A field that comes twice is refused: two readers could each see another one.
    private bool TrySet(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var field = FieldOf(name);
        if (field < 0) return true;
        if ((_seen & (1 << field)) != 0) return false;
        _seen |= 1 << field;
        switch (field)
        {
            case 0: Username = value; return true;
            case 1: Realm = value; return true;
            case 2: Nonce = value; return true;
            case 3: Uri = value; return true;
            case 4: Response = value; return true;
            case 5: Cnonce = value; return true;
            case 6: return TrySetCount(value);
            case 7:
                Algorithm = DigestAlgorithms.Parse(value);
                return Algorithm != DigestAlgorithm.Unknown;
            default:
                Qop = DigestQops.Parse(value);
                return Qop != DigestQop.None;
        }
    }

    private static int FieldOf(ReadOnlySpan<byte> name)
    {
        if (SipText.EqualsIgnoreCase(name, "username"u8)) return 0;
        if (SipText.EqualsIgnoreCase(name, "realm"u8)) return 1;
        if (SipText.EqualsIgnoreCase(name, "nonce"u8)) return 2;
        if (SipText.EqualsIgnoreCase(name, "uri"u8)) return 3;
        if (SipText.EqualsIgnoreCase(name, "response"u8)) return 4;
        if (SipText.EqualsIgnoreCase(name, "cnonce"u8)) return 5;
        if (SipText.EqualsIgnoreCase(name, "nc"u8)) return 6;
        if (SipText.EqualsIgnoreCase(name, "algorithm"u8)) return 7;
        return SipText.EqualsIgnoreCase(name, "qop"u8) ? 8 : -1;
    }

    // nc-value = 8LHEX
    private bool TrySetCount(ReadOnlySpan<byte> value)
    {
        if (value.Length != 8) return false;
        uint count = 0;
        foreach (var c in value)
        {
            var digit = SipChars.HexValue(c);
            if (digit < 0) return false;
            count = (count << 4) | (uint)digit;
        }
        NonceCount = count;
        NonceCountText = value;
        return count > 0;
    }

    private bool IsComplete()
    {
        const int Needed = 0b11111;
        if ((_seen & Needed) != Needed || Username.IsEmpty || Nonce.IsEmpty) return false;
        if (Response.Length != DigestAlgorithms.HexLength(Algorithm)) return false;
        var hasBoth = !Cnonce.IsEmpty && !NonceCountText.IsEmpty;
        if (Qop == DigestQop.None) NonceCount = 1;
        return Qop == DigestQop.None ? !DigestAlgorithms.IsSession(Algorithm) || hasBoth : hasBoth;
    }
}
