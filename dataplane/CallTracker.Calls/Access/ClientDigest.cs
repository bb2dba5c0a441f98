using CallTracker.Calls.Routing;
using CallTracker.Sip.Digest;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Access;

/// <summary>
/// Digest authentication as client: remembers each trunk's challenge, so that later requests carry credentials without
/// being asked, with a growing nonce count of this worker's own. One per worker, its thread only.
/// </summary>
internal sealed class ClientDigest
{
    /// <summary>
    /// Trunks remembered; at the bound all are forgotten, which costs each of them one challenge more.
    /// </summary>
    public const int TrunksMax = 1024;
    private readonly Dictionary<string, TrunkChallenges> _byTrunk = [];

    /// <summary>
    /// Adds credentials to a request whose first lines are written, where the trunk's challenge is known. The first
    /// line of <paramref name="writer"/> must be the request line.
    /// </summary>
    public void WriteForeseen(ref SipWriter writer, Trunk? trunk)
    {
        if (trunk?.Credentials is null || !_byTrunk.TryGetValue(trunk.Id, out var known)) return;
        if (!known.Server.CanForesee && !known.Proxy.CanForesee) return;
        var line = writer.Written;
        var space = line.IndexOf((byte)' ');
        if (space < 0) return;
        var uri = line[(space + 1)..];
        uri = uri[..Math.Max(0, uri.IndexOf((byte)' '))];
        if (known.Server.CanForesee) Write(ref writer, known, trunk, line[..space], uri, default, isProxy: false);
        if (known.Proxy.CanForesee) Write(ref writer, known, trunk, line[..space], uri, default, isProxy: true);
    }

    /// <summary>
    /// Takes the best challenge of a 401 or 407 that this trunk's realm allows; false when there is none.
    /// </summary>
    public bool TryLearn(SipMessage response, Trunk trunk, ReadOnlySpan<byte> cnonce, out bool isStale)
    {
        isStale = false;
        var isProxy = response.StatusCode == 407;
        var kind = TrunkChallenges.ChallengeKind(isProxy);
        if (!DigestChallengeView.TryFindBest(response, kind, trunk.Credentials!.Realm, out var challenge)) return false;
        isStale = challenge.IsStale;
        ChallengesOf(trunk).Of(isProxy).Learn(challenge, cnonce);
        return true;
    }

    /// <summary>
    /// Writes the credentials for every kind of challenge known of the trunk; false when none could be.
    /// </summary>
    public bool TryWrite(ref SipWriter writer, Trunk trunk, SipMessage request)
    {
        var known = ChallengesOf(trunk);
        var uri = request.RequestUri;
        var body = request.Body;
        var name = request.MethodText;
        var isWritten = known.Server.IsKnown && Write(ref writer, known, trunk, name, uri, body, isProxy: false);
        isWritten |= known.Proxy.IsKnown && Write(ref writer, known, trunk, name, uri, body, isProxy: true);
        return isWritten;
    }

    /// <summary>The credentials were refused: nothing is sent unasked any more.</summary>
    public void Forget(Trunk trunk)
    {
        if (!_byTrunk.TryGetValue(trunk.Id, out var known)) return;
        known.Server.Forget();
        known.Proxy.Forget();
    }

    private TrunkChallenges ChallengesOf(Trunk trunk)
    {
        if (_byTrunk.TryGetValue(trunk.Id, out var known)) return known;
        if (_byTrunk.Count >= TrunksMax) _byTrunk.Clear();
        known = new TrunkChallenges();
        _byTrunk[trunk.Id] = known;
        return known;
    }

    private static bool Write(
        ref SipWriter writer, TrunkChallenges known, Trunk trunk, scoped ReadOnlySpan<byte> method,
        scoped ReadOnlySpan<byte> uri, scoped ReadOnlySpan<byte> body, bool isProxy)
    {
        var own = trunk.Credentials!;
        var kind = TrunkChallenges.CredentialsKind(isProxy);
        return known.Of(isProxy).TryWrite(ref writer, kind, own.Username, own.Secret, method, uri, body);
    }
}
