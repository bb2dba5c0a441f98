using CallTracker.Sip.Digest;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Access;

/// <summary>
/// What one trunk last challenged one worker with: as the end that serves (401) and as a proxy before it (407).
/// </summary>
internal sealed class TrunkChallenges
{
    public KnownChallenge Server { get; } = new();

    public KnownChallenge Proxy { get; } = new();

    public KnownChallenge Of(bool isProxy) => isProxy ? Proxy : Server;

    /// <summary>Authorization answers 401, Proxy-Authorization 407.</summary>
    public static SipHeaderKind CredentialsKind(bool isProxy) =>
        isProxy ? SipHeaderKind.ProxyAuthorization : SipHeaderKind.Authorization;

    public static SipHeaderKind ChallengeKind(bool isProxy) =>
        isProxy ? SipHeaderKind.ProxyAuthenticate : SipHeaderKind.WwwAuthenticate;
}
