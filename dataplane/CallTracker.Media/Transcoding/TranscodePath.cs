using System.Security.Cryptography;
using CallTracker.Media.Codecs;
using CallTracker.Media.Relay;
using CallTracker.Media.Rtp;
using CallTracker.Media.Srtp;

namespace CallTracker.Media.Transcoding;

/// <summary>
/// Converts the audio of sessions whose sides share no codec, on its way from where it was opened and measured to where
/// it is sealed and sent. Lends converters and counts those in use. Owned by one relay; allocates nothing for a packet,
/// and for a call only until as many have been converted at a time.
/// </summary>
internal sealed class TranscodePath : IDisposable
{
    private const int PacketBytesMax = 1400;
    private readonly MediaSessionTable _table;
    private readonly MediaSockets _sockets;
    private readonly MediaCounters _counters;
    private readonly TranscodeBudget _budget;
    private readonly CodecPool _codecs = new();
    private readonly Stack<AudioConverter> _idle = [];
    // With room behind the longest packet for what a secure side adds.
    private readonly byte[] _buffer =
        GC.AllocateUninitializedArray<byte>(PacketBytesMax + SrtpSuites.OverheadMax, pinned: true);
    // Of the packet at hand nothing could be sent.
    private bool _isRefused;
    private ulong _random = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    public TranscodePath(
        MediaSessionTable table, MediaSockets sockets, MediaCounters counters, TranscodeBudget budget)
    {
        _table = table;
        _sockets = sockets;
        _counters = counters;
        _budget = budget;
    }

    /// <summary>True when a session is converted, or could be.</summary>
    public bool HasRoomFor(int slot) => _table.Sides[slot * 2].Converter is not null || _budget.HasRoom;

    /// <summary>Converts a session from now on; false when as many calls as may be are converted.</summary>
    public bool TrySet(int slot, in AudioTerms a, in AudioTerms b)
    {
        ref var sideA = ref _table.Sides[slot * 2];
        ref var sideB = ref _table.Sides[(slot * 2) + 1];
        if (sideA.Converter is null)
        {
            if (!_budget.TryTake()) return false;
            sideA.Converter = Rent();
            sideB.Converter = Rent();
        }
        sideA.Converter.Set(a, b);
        sideB.Converter!.Set(b, a);
        return true;
    }

    /// <summary>Relays a session as it is; harmless when it was not converted.</summary>
    public void Clear(int slot)
    {
        ref var sideA = ref _table.Sides[slot * 2];
        if (sideA.Converter is null) return;
        _budget.Return();
        Return(ref sideA);
        Return(ref _table.Sides[(slot * 2) + 1]);
    }

    /// <summary>Takes an accepted packet of a side that has a converter.</summary>
    public void HandOn(int sideNumber, in RtpHeader header, ReadOnlySpan<byte> packet)
    {
        ref var from = ref _table.Sides[sideNumber];
        var sink = new Sink(this, sideNumber);
        _isRefused = false;
        // The time of the last packet is this one's: it has been measured.
        var isTaken = header.HeaderLength >= RtpHeader.FixedLength
            && from.Converter!.Pace.TryTake(from.Received.LastMs)
            && from.Converter.TryPut(header, PayloadOf(header, packet), ref sink);
        if (!isTaken) Drop(ref from, MediaDropReason.NotConverted);
        else if (!_isRefused) from.Relayed++;
    }

    public void Dispose()
    {
        for (var slot = 0; slot < _table.Sessions.Length; slot++) Clear(slot);
        _codecs.Dispose();
    }

    // RFC 3550 section 5.1: the last byte counts the padding. The relay does not look at it, as in SRTP it is
    // encrypted; here the packet is open.
    private static ReadOnlySpan<byte> PayloadOf(in RtpHeader header, ReadOnlySpan<byte> packet)
    {
        var payload = packet[header.HeaderLength..];
        var isPadded = (packet[0] & 0x20) != 0 && !payload.IsEmpty;
        return isPadded ? payload[..Math.Max(0, payload.Length - payload[^1])] : payload;
    }

    private void Send(int sideNumber, int length)
    {
        ref var from = ref _table.Sides[sideNumber];
        ref var to = ref _table.Sides[sideNumber ^ 1];
        var reason = to.Srtp is null ? MediaDropReason.None : Seal(to.Srtp, ref length);
        if (reason == MediaDropReason.None) reason = _sockets.SendRtp(ref to, _buffer.AsSpan(0, length));
        if (reason != MediaDropReason.None)
        {
            _isRefused = true;
            Drop(ref from, reason);
            return;
        }
        from.RelayedBytes += (ulong)length;
        _counters.AddRelayed(sideNumber & 1, length);
    }

    private MediaDropReason Seal(SrtpSide srtp, ref int length)
    {
        _ = RtpHeader.Parse(_buffer.AsSpan(0, length), paddingReadable: true, out var header);
        return SrtpGate.SealRtp(srtp, header, _buffer, ref length);
    }

    private AudioConverter Rent()
    {
        if (!_idle.TryPop(out var converter)) converter = new AudioConverter(_codecs);
        converter.Begin((uint)(Next() | 1), Next());
        return converter;
    }

    private void Return(ref MediaSideState side)
    {
        var converter = side.Converter!;
        side.Converter = null;
        converter.End();
        _idle.Push(converter);
    }

    private void Drop(ref MediaSideState from, MediaDropReason reason)
    {
        from.Dropped++;
        _counters.AddDropped(reason);
    }

    // SplitMix64.
    private ulong Next()
    {
        _random += 0x9e37_79b9_7f4a_7c15;
        var z = _random;
        z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
        return z ^ (z >> 31);
    }

    private readonly struct Sink(TranscodePath path, int sideNumber) : IRtpSink
    {
        public Span<byte> Buffer => path._buffer.AsSpan(0, PacketBytesMax);

        public void Send(int length) => path.Send(sideNumber, length);
    }
}
