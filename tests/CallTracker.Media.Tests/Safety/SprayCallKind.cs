namespace CallTracker.Media.Tests.Safety;

/// <summary>What a call under attack is like.</summary>
/// <param name="IsIpv6">Both sides have IPv6 addresses; the namespace must have them.</param>
/// <param name="IsMuxed">RTCP goes over the RTP ports.</param>
/// <param name="IsSecure">Side A has SRTP; side B never.</param>
/// <param name="IsBehindNat">Side A's SDP has a private address; its media and signalling share another.</param>
internal sealed record SprayCallKind(bool IsIpv6, bool IsMuxed, bool IsSecure, bool IsBehindNat);
