using CallTracker.Core.Net;
using CallTracker.Media.Dtls;
using CallTracker.Media.Quality;

namespace CallTracker.Media.Relay;

/// <summary>
/// Begin and end of a relay's sides: their ports, where they may be learned, what they measured. Owned by one relay.
/// </summary>
internal sealed class MediaSides(
    MediaSessionTable table, RtpPortPool ports, MediaSettings settings, QualityDesk quality, SrtpGate srtp)
{
    public required DtlsDesk Dtls { private get; init; }

    /// <summary>A side begins, blank, on a port pair that was lent.</summary>
    public void Open(int side, int pair)
    {
        table.SideOfPair[pair] = side;
        table.Sides[side] = new MediaSideState
        {
            PairIndex = pair,
            RtpSocket = ports.RtpSocket(pair),
            RtcpSocket = ports.RtcpSocket(pair),
            ExpectedSinceMs = -1,
        };
        table.Sides[side].Latch.Rule = MediaSourceRule.SignallingAddress;
        quality.Begin(side);
    }

    /// <summary>A side ends, and its port pair is given back; what it measured.</summary>
    public MediaTotals Close(int side)
    {
        ref var state = ref table.Sides[side];
        table.SideOfPair[state.PairIndex] = -1;
        Dtls.Release(ref state);
        srtp.Release(ref state);
        ports.Return(state.PairIndex, state.RtpConnected, state.RtcpConnected);
        return TotalsOf(side);
    }

    /// <summary>What a side measured so far.</summary>
    public MediaTotals TotalsOf(int side) => table.Sides[side].Totals() with { Quality = quality.Of(side) };

    /// <summary>The SDP says where a side is: what was learned of another place is void.</summary>
    public void ExpectRemote(ref MediaSideState state, in IpEndpoint rtp, in IpEndpoint rtcp)
    {
        state.Latch.IsLearningBarred = rtp.SameAddress(AddressOf(state));
        if (state.Latch.Expect(rtp))
        {
            state.Rtcp.Reset();
            MediaSockets.Release(ref state);
        }
        if (state.Rtcp.Expect(rtcp)) MediaSockets.ReleaseRtcp(ref state);
    }

    /// <summary>Signalling moved: both sides may be learned anew for a while.</summary>
    public void OpenLearning(int slot, long nowMs)
    {
        for (var side = slot * 2; side <= (slot * 2) + 1; side++)
        {
            table.Sides[side].Latch.Open(nowMs, settings.LearnMs, table.Sessions[slot].IsAnswered);
            MediaSockets.Unfix(ref table.Sides[side], nowMs);
        }
    }

    /// <summary>The address that a side is bound to; its port is 0.</summary>
    public IpEndpoint AddressOf(in MediaSideState state) => ports.AddressOf(state.PairIndex);

    /// <summary>False of what no side may be sent to from an address of ours.</summary>
    public static bool CanBePeer(in IpEndpoint remote, in IpEndpoint local) =>
        remote.Port != 0
        && !remote.IsUnspecified
        && !remote.IsMulticast
        && remote.IsIpv4 == local.IsIpv4;
}
