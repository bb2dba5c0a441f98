using CallTracker.Core.Net;
using CallTracker.Media.Dtls;
using CallTracker.Media.Dtmf;
using CallTracker.Media.Rtp;
using CallTracker.Media.Sdp;
using CallTracker.Media.Srtp;
using CallTracker.Media.Transcoding;

namespace CallTracker.Media.Relay;

/// <summary>
/// One side of a session: its sockets, where its media may come from and goes to, what it measured. A slot of
/// <see cref="MediaSessionTable"/>; the worker alone touches it. What every packet needs comes first.
/// </summary>
internal struct MediaSideState
{
    // Null on a plain side.
    public SrtpSide? Srtp;
    // Null unless the side's digits are listened to.
    public DigitPath? Digits;
    public int RtpSocket;
    public int RtcpSocket;
    public int PairIndex;
    public int ClockRateHz;
    public bool RtpConnected;
    public bool RtcpConnected;
    // The kernel refused to connect (no route yet, say): stay with sendto and do not ask again for each packet.
    public bool ConnectFailed;
    public bool RtcpMux;
    public bool CanReceive;
    public bool FirstPacketSeen;
    public bool TimedOut;
    public bool GoneTold;
    // The other side is played something that a packet from here ends, or that is heard in its place.
    public bool IsPlayedOver;
    // Null unless the session's sides share no codec.
    public AudioConverter? Converter;
    // The kernel relays what comes in here; a packet in the socket is one that it passed up.
    public bool IsInKernel;
    // Each accepted packet goes to the recorder too.
    public bool IsRecorded;
    // Null unless the side's keys come from a DTLS handshake.
    public DtlsSide? Dtls;
    public int RefusalsInRow;
    public SourceLatch Latch;
    public RtpReceiveStats Received;
    public ulong Relayed;
    public ulong RelayedBytes;
    public ulong Dropped;
    public ulong RtcpPackets;
    public ulong RtcpRelayed;
    public RtcpLatch Rtcp;
    public SdpDirection Direction;
    // From when on silence counts; -1 while the side need not send.
    public long ExpectedSinceMs;
    // When RTCP or signalling last showed that the peer lives; 0: never.
    public long AliveMs;

    public readonly bool Sends => Direction is SdpDirection.SendRecv or SdpDirection.SendOnly;

    public readonly bool Listens => Direction is SdpDirection.SendRecv or SdpDirection.RecvOnly;

    public readonly MediaTotals Totals() => new(
        Received.Packets,
        Received.Bytes,
        Received.Expected,
        Received.Lost,
        Received.Reordered,
        Received.Duplicates,
        Received.JitterUs,
        Received.GapMsMax,
        Received.Packets > 0 ? Received.FirstMs : -1,
        Received.Packets > 0 ? Received.LastMs : -1,
        Relayed,
        RelayedBytes,
        RtcpPackets,
        RtcpRelayed,
        Dropped,
        Latch.IsLatched ? Latch.Peer : default(IpEndpoint));
}
