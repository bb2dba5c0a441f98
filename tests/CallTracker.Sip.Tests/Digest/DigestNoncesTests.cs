using System.Net;
using CallTracker.Core.Net;
using CallTracker.Sip.Digest;

namespace CallTracker.Sip.Tests.Digest;

/// <summary>Nonces of a server: whose, how old, how often.</summary>
public sealed class DigestNoncesTests
{
    private static readonly byte[] Key = new byte[32];
    private static readonly IpEndpoint Peer = IpEndpoint.From(IPAddress.Parse("192.0.2.1"), 5060);
    private readonly DigestNonces _nonces = new(Key, 3);

    [Fact]
    public void Nonce_UsedInOrder_IsGoodAndAReplayIsNot()
    {
        var nonce = Make(1_000_000);
        Use(nonce, 1).ShouldBeTrue();
        Use(nonce, 1).ShouldBeFalse();
        Use(nonce, 2).ShouldBeTrue();
        Use(nonce, 7).ShouldBeTrue();
        Use(nonce, 6).ShouldBeFalse();
    }

    [Fact]
    public void Nonce_AfterItsLife_IsStale()
    {
        var nonce = Make(1_000_000);
        Use(nonce, 1, 1_000_000 + (DigestNonces.LifeSec * 1000)).ShouldBeTrue();
        Use(nonce, 2, 1_001_000 + (DigestNonces.LifeSec * 1000)).ShouldBeFalse();
        Use(nonce, 3, 998_000).ShouldBeFalse();
    }

    [Fact]
    public void Nonce_OfAnotherPeerWorkerOrKey_IsNotGood()
    {
        var nonce = Make(1_000_000);
        _nonces.TryUse(nonce, IpEndpoint.From(IPAddress.Parse("192.0.2.2"), 5060), 1, 1_000_000).ShouldBeFalse();
        new DigestNonces(Key, 4).TryUse(nonce, Peer, 1, 1_000_000).ShouldBeFalse();
        new DigestNonces([1, .. Key.AsSpan(1)], 3).TryUse(nonce, Peer, 1, 1_000_000).ShouldBeFalse();
        _nonces.TryUse(nonce, Peer.WithPort(9), 1, 1_000_000).ShouldBeTrue();
    }

    [Fact]
    public void Nonce_WithAnyByteChanged_IsForged()
    {
        var nonce = Make(1_000_000);
        for (var i = 0; i < nonce.Length; i++)
        {
            var forged = nonce.ToArray();
            forged[i] = forged[i] == '0' ? (byte)'1' : (byte)'0';
            Use(forged, 1).ShouldBeFalse();
        }
        Use(nonce[..^1], 1).ShouldBeFalse();
        Use([], 1).ShouldBeFalse();
        Use(nonce, 1).ShouldBeTrue();
    }

    [Fact]
    public void Nonce_WhosePlaceWasTaken_IsStaleAndNeverGoodTwice()
    {
        var first = Make(1_000_000);
        Use(first, 1).ShouldBeTrue();
        for (var i = 0; i < 4095; i++) Make(1_000_000);
        Use(Make(1_000_000), 1).ShouldBeTrue();
        Use(first, 1).ShouldBeFalse();
        Use(first, 2).ShouldBeFalse();
    }

    private bool Use(byte[] nonce, uint count, long nowMs = 1_000_000) => _nonces.TryUse(nonce, Peer, count, nowMs);

    private byte[] Make(long nowMs)
    {
        Span<byte> nonce = stackalloc byte[DigestNonces.Length];
        return _nonces.Write(nonce, Peer, nowMs).ToArray();
    }
}
