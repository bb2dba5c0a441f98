using CallTracker.Media.Rtp;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Relay;

/// <summary>
/// Where media of secure sides is opened when it comes and sealed when it goes. Plain sides never come here. What does
/// not open changes nothing but a counter: no latch, no statistics. Owned by one relay.
/// </summary>
internal sealed class SrtpGate : IDisposable
{
    private readonly SrtpPool _pool = new();
    private long _secureSides;

    /// <summary>Sides that have keys; any thread may read it.</summary>
    public long SecureSides => Volatile.Read(ref _secureSides);

    /// <summary>For tests: what is lent of the pool.</summary>
    internal SrtpPool Pool => _pool;

    /// <summary>Takes a side's keys into use, or with none gives up those it has.</summary>
    public void SetKeys(ref MediaSideState side, in SrtpMaster local, in SrtpMaster remote)
    {
        if (local.IsNone || remote.IsNone)
        {
            Release(ref side);
            return;
        }
        if (side.Srtp is null)
        {
            side.Srtp = _pool.RentSide();
            _secureSides++;
        }
        side.Srtp.SetKeys(_pool, local, remote);
    }

    /// <summary>A side's keys are to come: until then nothing passes, in either direction.</summary>
    public void Await(ref MediaSideState side)
    {
        if (side.Srtp is { } srtp)
        {
            srtp.Clear(_pool);
            return;
        }
        side.Srtp = _pool.RentSide();
        _secureSides++;
    }

    public void Release(ref MediaSideState side)
    {
        if (side.Srtp is not { } srtp) return;
        side.Srtp = null;
        _secureSides--;
        _pool.Return(srtp);
    }

    public static MediaDropReason OpenRtp(SrtpSide srtp, in RtpHeader header, ref Span<byte> packet)
    {
        var result = srtp.OpenRtp(packet, header.HeaderLength, header.Sequence, header.Ssrc, out var length);
        if (result != SrtpResult.Ok) return ReasonOf(result);
        packet = packet[..length];
        return MediaDropReason.None;
    }

    public static MediaDropReason OpenRtcp(SrtpSide srtp, ref Span<byte> datagram)
    {
        var result = srtp.OpenRtcp(datagram, out var length);
        if (result != SrtpResult.Ok) return ReasonOf(result);
        datagram = datagram[..length];
        return MediaDropReason.None;
    }

    /// <summary>Seals the packet at the start of a buffer that has room behind it.</summary>
    public static MediaDropReason SealRtp(SrtpSide srtp, in RtpHeader header, Span<byte> buffer, ref int length) =>
        ReasonOf(srtp.Sender.SealRtp(buffer, header.HeaderLength, header.Sequence, header.Ssrc, ref length));

    /// <summary>Seals the RTCP datagram at the start of a buffer that has room behind it.</summary>
    public static MediaDropReason SealRtcp(SrtpSide srtp, Span<byte> buffer, ref int length) =>
        ReasonOf(srtp.Sender.SealRtcp(buffer, ref length));

    public void Dispose() => _pool.Dispose();

    private static MediaDropReason ReasonOf(SrtpResult result) => result switch
    {
        SrtpResult.Ok => MediaDropReason.None,
        SrtpResult.Forged => MediaDropReason.SrtpForged,
        SrtpResult.Replayed => MediaDropReason.SrtpReplayed,
        SrtpResult.NoKey => MediaDropReason.SrtpNoKey,
        _ => MediaDropReason.SrtpRefused,
    };
}
