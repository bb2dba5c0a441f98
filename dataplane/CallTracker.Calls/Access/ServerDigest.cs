using CallTracker.Calls.Routing;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Sip.Digest;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Access;

/// <summary>
/// Digest authentication as server (RFC 3261 section 22, RFC 8760): finds the trunk whose user and password made a
/// digest, and writes challenges. One per worker, its thread only.
/// </summary>
/// <param name="shared">What all workers share.</param>
/// <param name="worker">Nonces can be used with the worker that made them.</param>
internal sealed class ServerDigest(NodeAccess shared, byte worker)
{
    private readonly DigestNonces _nonces = new(shared.NonceKey, worker);

    public NodeAccess Shared { get; } = shared;

    public AccessCounters Counters { get; } = new();

    public ReadOnlySpan<byte> RealmOf(Trunk? trunk) =>
        trunk?.Credentials is { Realm.Length: > 0 } own ? own.Realm : Shared.Realm;

    /// <summary>
    /// Checks the Authorization of a request against the trunks that may send it. A wrong password is counted against
    /// its source.
    /// </summary>
    /// <param name="request">REGISTER or INVITE.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="trunks">The trunks in force.</param>
    /// <param name="at">Now.</param>
    /// <param name="trunk">Whose digest it is, when granted or stale.</param>
    public AccessResult Check(
        SipMessage request, in IpEndpoint source, TrunkTable trunks, in ReceivedAt at, out Trunk? trunk)
    {
        trunk = null;
        var isTried = false;
        for (var i = 0; i < request.Count(SipHeaderKind.Authorization); i++)
        {
            var value = request.Header(SipHeaderKind.Authorization, i);
            if (!DigestCredentialsView.TryParse(value, out var credentials) || !IsOffered(credentials)) continue;
            isTried = true;
            trunk = FindOwner(credentials, request, source, trunks);
            if (trunk is null) continue;
            if (!_nonces.TryUse(credentials.Nonce, source, credentials.NonceCount, at.NowMs))
            {
                Counters.Stale++;
                return AccessResult.Stale;
            }
            Counters.Granted++;
            return AccessResult.Granted;
        }
        if (!isTried) return AccessResult.Absent;
        Counters.Denied++;
        Shared.Guard.CountFailure(source, at.NowMs);
        return AccessResult.Denied;
    }

    /// <summary>Writes the challenges of a 401, the stronger algorithm first (RFC 8760 section 2.4).</summary>
    public void WriteChallenges(ref SipWriter writer, Trunk? trunk, in IpEndpoint source, bool isStale, long nowMs)
    {
        Counters.Challenged++;
        Span<byte> storage = stackalloc byte[DigestNonces.Length];
        var nonce = _nonces.Write(storage, source, nowMs);
        var realm = RealmOf(trunk);
        const SipHeaderKind Kind = SipHeaderKind.WwwAuthenticate;
        if (Shared.OffersSha256)
            DigestHeader.WriteChallenge(ref writer, Kind, DigestAlgorithm.Sha256, realm, nonce, isStale);
        if (Shared.OffersMd5)
            DigestHeader.WriteChallenge(ref writer, Kind, DigestAlgorithm.Md5, realm, nonce, isStale);
    }

    // auth-int is not offered: bodies are rewritten by session border controllers. Without qop it is RFC 2069, which
    // RFC 3261 section 22.4 item 8 wants understood; its nonce serves once.
    private bool IsOffered(in DigestCredentialsView credentials)
    {
        if (credentials.Qop == DigestQop.AuthInt) return false;
        return credentials.Algorithm switch
        {
            DigestAlgorithm.Md5 => Shared.OffersMd5,
            DigestAlgorithm.Sha256 => Shared.OffersSha256,
            _ => false,
        };
    }

    // Two trunks may have the same user name, of two operators: the password decides.
    private Trunk? FindOwner(
        in DigestCredentialsView credentials, SipMessage request, in IpEndpoint source, TrunkTable trunks)
    {
        foreach (var trunk in trunks.All)
        {
            if (trunk.Credentials is not { } own || !credentials.Username.SequenceEqual(own.Username)) continue;
            if (!MaySend(trunk, request.Method, source)) continue;
            if (!credentials.Realm.SequenceEqual(RealmOf(trunk))) continue;
            if (DigestProof.Holds(credentials, request, own.Username, own.Secret)) return trunk;
        }
        return null;
    }

    // A phone that registers is known by its user alone, whatever its address; a PBX by address and user.
    private static bool MaySend(Trunk trunk, SipMethod method, in IpEndpoint source)
    {
        if (trunk.AcceptsRegistration) return true;
        return method == SipMethod.Invite && trunk.ChallengeInbound && trunk.Admits(source);
    }
}
