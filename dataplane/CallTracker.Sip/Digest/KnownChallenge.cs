using System.Buffers.Text;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Digest;

/// <summary>
/// What one server last challenged us with, so that the next request carries credentials at once, the count of the
/// nonce growing (RFC 7616 section 3.4). Fixed storage; owned by one worker, which alone counts this nonce.
/// </summary>
public sealed class KnownChallenge
{
    /// <summary>Bytes of a client nonce.</summary>
    public const int CnonceLength = 16;
    private readonly byte[] _realm = new byte[DigestChallengeView.TextLengthMax];
    private readonly byte[] _nonce = new byte[DigestChallengeView.NonceLengthMax];
    private readonly byte[] _opaque = new byte[DigestChallengeView.TextLengthMax];
    private readonly byte[] _cnonce = new byte[CnonceLength];
    private int _realmLength;
    private int _nonceLength;
    private int _opaqueLength;
    private uint _count;
    private DigestAlgorithm _algorithm;
    private DigestQop _qop;
    private bool _namesAlgorithm;

    public bool IsKnown => _nonceLength > 0;

    /// <summary>How often the nonce was used.</summary>
    public uint NonceCount => _count;

    /// <summary>Takes a challenge in place of the one before.</summary>
    /// <param name="challenge">One that can be answered.</param>
    /// <param name="cnonce">At least <see cref="CnonceLength"/> unguessable token characters.</param>
    public void Learn(in DigestChallengeView challenge, ReadOnlySpan<byte> cnonce)
    {
        _realmLength = Keep(challenge.Realm, _realm);
        _nonceLength = Keep(challenge.Nonce, _nonce);
        _opaqueLength = Keep(challenge.Opaque, _opaque);
        cnonce[^CnonceLength..].CopyTo(_cnonce);
        (_algorithm, _namesAlgorithm, _count) = (challenge.Algorithm, challenge.HasAlgorithm, 0);
        // Bodies may be changed by session border controllers on the way: the weaker offer is the one that works.
        _qop = (challenge.Qop & DigestQop.Auth) != DigestQop.None ? DigestQop.Auth : challenge.Qop;
    }

    /// <summary>Forgets it: it was refused, or the user changed.</summary>
    public void Forget() => _nonceLength = 0;

    /// <summary>True when the credentials may be sent without being asked, before the body is known.</summary>
    public bool CanForesee => IsKnown && _qop == DigestQop.Auth;

    /// <summary>Writes the credentials for one request; false when nothing is known or they cannot be made.</summary>
    /// <param name="writer">The header line goes there.</param>
    /// <param name="kind">Authorization or Proxy-Authorization.</param>
    /// <param name="username">In UTF-8.</param>
    /// <param name="secret">In UTF-8.</param>
    /// <param name="method">As on the request line.</param>
    /// <param name="uri">The Request-URI.</param>
    /// <param name="body">Covered where only auth-int is offered.</param>
    public bool TryWrite(
        ref SipWriter writer, SipHeaderKind kind, scoped ReadOnlySpan<byte> username, scoped ReadOnlySpan<byte> secret,
        scoped ReadOnlySpan<byte> method, scoped ReadOnlySpan<byte> uri, scoped ReadOnlySpan<byte> body)
    {
        if (!IsKnown || !IsQuotable(username)) return false;
        Span<byte> count = stackalloc byte[8];
        Utf8Formatter.TryFormat(++_count, count, out _, new System.Buffers.StandardFormat('x', 8));
        var inputs = new DigestInputs
        {
            Algorithm = _algorithm,
            Qop = _qop,
            Username = username,
            Realm = _realm.AsSpan(0, _realmLength),
            Secret = secret,
            Nonce = _nonce.AsSpan(0, _nonceLength),
            NonceCount = count,
            Cnonce = _cnonce,
            Method = method,
            Uri = uri,
            Body = body,
        };
        return DigestHeader.TryWriteCredentials(
            ref writer, kind, inputs, _opaque.AsSpan(0, _opaqueLength), _namesAlgorithm);
    }

    // A user with quotes or backslashes is hashed with its escapes by some servers and without by others; line ends
    // would make headers.
    private static bool IsQuotable(ReadOnlySpan<byte> username) =>
        !username.IsEmpty && username.IndexOfAnyInRange((byte)0, (byte)31) < 0 && username.IndexOfAny("\"\\"u8) < 0;

    private static int Keep(ReadOnlySpan<byte> text, byte[] storage)
    {
        text.CopyTo(storage);
        return text.Length;
    }
}
