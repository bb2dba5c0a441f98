using System.Runtime.InteropServices;

namespace CallTracker.Media.FastPath;

/// <summary>
/// All that <see cref="Rtp.RtpReceiveStats"/> knows, and what was sent on, in the layout of relay.bpf.c: the kernel
/// goes on where userspace stopped, and the other way round. A plain value.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FlowStats
{
    public ulong Packets;
    public ulong Bytes;
    public ulong Reordered;
    public ulong Duplicates;
    public ulong SeenBits;
    public ulong SpanExpected;
    public ulong SpanDistinct;
    public ulong EarlierExpected;
    public ulong EarlierLost;
    public long FirstMs;
    public long LastMs;
    public long GapMsMax;
    public ulong Relayed;
    public ulong RelayedBytes;
    public uint Restarts;
    public uint Ssrc;
    public uint BadSequence;
    public uint LastTimestamp;
    public uint LastTransit;
    public int JitterClockHz;
    public uint JitterTimes16;
    public ushort MaxSequence;
    public byte Started;
    public byte HasTransit;
    public ulong JitterUsSum;
    public uint JitterUsMax;
    public uint JitterSamples;
    public uint LongGaps;
    public uint NotUsed;
}
