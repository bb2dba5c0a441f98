using System.Runtime.CompilerServices;
using CallTracker.Core.Net;

namespace CallTracker.Media.Ice;

/// <summary>
/// The lite side of ICE on one leg (RFC 8445 section 2.5): answers the peer's checks, keeps which sources passed one,
/// and believes the pair that the peer nominates. What does not prove that its sender knows our password changes
/// nothing and is answered by nothing. Part of its <see cref="Dtls.DtlsSide"/>; its worker alone touches it.
/// </summary>
internal struct IceLite
{
    /// <summary>Sources that passed a check and are kept, the last ones: a peer has a handful of candidates.</summary>
    public const int SourcesMax = 4;
    private Sources _sources;
    private int _next;

    /// <summary>Ours, that the peer was told last.</summary>
    public IceCredentials Credentials;

    /// <summary>Hash of the peer's username fragment, 0 for any; see <see cref="HashOf"/>.</summary>
    public ulong PeerHash;

    /// <summary>When the last check passed; -1 before the first.</summary>
    public long LastCheckMs { get; private set; }

    /// <summary>Begins anew, with nobody known.</summary>
    public void Begin(in IceCredentials credentials, ulong peerHash)
    {
        this = default;
        (Credentials, PeerHash, LastCheckMs) = (credentials, peerHash, -1);
    }

    /// <summary>True for a source that passed a check.</summary>
    public readonly bool Knows(in IpEndpoint source) => ((ReadOnlySpan<IpEndpoint>)_sources).Contains(source);

    /// <summary>
    /// Takes a STUN datagram. False when it is no check of our peer's: then nothing is to be sent.
    /// </summary>
    /// <param name="datagram">As received.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="nowMs">Worker time.</param>
    /// <param name="integrity">The relay's.</param>
    /// <param name="response">Where the answer is written, <see cref="StunResponse.BytesMax"/> bytes.</param>
    /// <param name="length">Of the answer.</param>
    /// <param name="isNominated">The peer wants this source to be the one.</param>
    public bool TryAnswer(
        ReadOnlySpan<byte> datagram, in IpEndpoint source, long nowMs, StunIntegrity integrity, Span<byte> response,
        out int length, out bool isNominated)
    {
        (length, isNominated) = (0, false);
        // The name first: a stranger does not know it, and costs neither checksum nor HMAC.
        if (!StunRequest.TryRead(datagram, out var request) || !IsForUs(request.Username)) return false;
        if (!request.IsIntact || !integrity.Holds(request, Credentials.Password)) return false;
        if (request.Unknown != 0 || request.IsControlled)
        {
            var code = request.Unknown != 0 ? StunResponse.UnknownAttribute : StunResponse.RoleConflict;
            length = StunResponse.WriteError(request, code, Credentials.Password, integrity, response);
            return true;
        }
        Remember(source);
        LastCheckMs = nowMs;
        isNominated = request.IsNominating;
        length = StunResponse.WriteSuccess(request, source, Credentials.Password, integrity, response);
        return true;
    }

    /// <summary>What is kept of a username fragment; never 0.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> fragment)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in fragment) hash = (hash ^ octet) * 1099511628211UL;
        return hash | 1;
    }

    private readonly bool IsForUs(ReadOnlySpan<byte> username)
    {
        var colon = username.IndexOf((byte)':');
        return colon > 0 && username[..colon].SequenceEqual(Credentials.Fragment)
            && (PeerHash == 0 || HashOf(username[(colon + 1)..]) == PeerHash);
    }

    private void Remember(in IpEndpoint source)
    {
        if (Knows(source)) return;
        _sources[_next] = source;
        _next = (_next + 1) % SourcesMax;
    }

    [InlineArray(SourcesMax)]
    private struct Sources
    {
        private IpEndpoint _first;
    }
}
