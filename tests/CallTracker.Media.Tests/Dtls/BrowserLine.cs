using CallTracker.Core.Net;
using CallTracker.Media.Dtls;
using CallTracker.Media.Ice;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Ice;
using CallTracker.Media.Tests.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Dtls;

/// <summary>
/// A browser on side A, whose checks, handshake and SRTP (libsrtp's) are made here, and a plain shop on side B.
/// </summary>
internal sealed class BrowserLine : IDisposable
{
    private readonly byte[] _flight = new byte[DtlsSession.FlightBytesMax];
    private readonly bool _hasIce;
    private LibSrtp? _sender;
    private LibSrtp? _receiver;

    /// <param name="hasIce">False: a telephone with DTLS-SRTP at its SDP's address.</param>
    /// <param name="isActive">We begin the handshake.</param>
    /// <param name="settings">Of the relay.</param>
    public BrowserLine(bool hasIce = true, bool isActive = false, MediaSettings? settings = null)
    {
        _hasIce = hasIce;
        Harness = new RelayHarness(settings);
        Harness.Relay.Dtls.Identity = Identities.Ours;
        Browser = new MediaPeer(Address, 9000);
        Shop = new MediaPeer(Address, 9002);
        Session = Harness.Open();
        Local = DtlsLocal.Answer(
            new DtlsRemote(Identities.Theirs.Fingerprint, isActive ? DtlsSetup.Passive : DtlsSetup.ActPass, hasIce, 1),
            default, default, default);
        Remote = RemoteOf(Identities.Theirs, isActive);
        Harness.SetRemote(Session, MediaSide.B, Shop.Endpoint).ShouldBeTrue();
        Describe();
        Peer = IcePeer.Of(Local.Ice);
        Dtls = new DtlsSession(Identities.Theirs, isServer: isActive, Identities.Ours.Fingerprint);
    }

    public RelayHarness Harness { get; }
    public string Address { get; } = RelayHarness.NewAddress();
    public MediaPeer Browser { get; }
    public MediaPeer Shop { get; }
    public int Session { get; }
    public DtlsLocal Local { get; set; }
    public DtlsRemote Remote { get; set; }
    public IcePeer Peer { get; set; }
    public DtlsSession Dtls { get; set; }
    public IpEndpoint ToBrowserSide => Harness.Local(Session, MediaSide.A);
    public IpEndpoint ToShopSide => Harness.Local(Session, MediaSide.B);
    public DtlsCounters Counters => Harness.Relay.Dtls.Counters;

    public DtlsRemote RemoteOf(DtlsIdentity identity, bool isActive = false, string fragment = IcePeer.Fragment) =>
        new(identity.Fingerprint, isActive ? DtlsSetup.Passive : DtlsSetup.ActPass, _hasIce,
            _hasIce ? IceLite.HashOf(System.Text.Encoding.ASCII.GetBytes(fragment)) : 0);

    /// <summary>As signalling does when an exchange is complete.</summary>
    public void Describe()
    {
        var address = _hasIce ? default : Browser.Endpoint;
        Harness.Relay.SetRemote(
            Session, MediaSide.A, address, default, rtcpMux: true, SdpDirection.SendRecv, 8000, Harness.NowMs)
            .ShouldBeTrue();
        Harness.Relay.Dtls.Set(Session, MediaSide.A, Local, Remote, Harness.NowMs);
    }

    public void Answer() => Harness.Relay.MarkAnswered(Session, Harness.NowMs);

    /// <summary>A check that is answered; the answer.</summary>
    public byte[] Check(bool nominates = true, MediaPeer? from = null)
    {
        (from ?? Browser).Send(ToBrowserSide, Peer.Check(nominates));
        return Harness.PumpTo(from ?? Browser, out _);
    }

    /// <summary>Handshakes until the browser has keys, or sends no more.</summary>
    public void Handshake()
    {
        Dtls.Start();
        var idle = 0;
        while (idle < 3)
        {
            SendFlight();
            idle = Harness.Pump() > 0 | TakeAll() ? 0 : idle + 1;
        }
        if (Dtls.Result != DtlsResult.Ok) return;
        Dtls.TryExport(out var sends, out var hears).ShouldBeTrue();
        _sender?.Dispose();
        _receiver?.Dispose();
        (_sender, _receiver) = (new LibSrtp(sends, sends: true), new LibSrtp(hears, sends: false));
    }

    /// <summary>All that ICE and DTLS need.</summary>
    public void Connect()
    {
        if (_hasIce) Check();
        Handshake();
        Dtls.Result.ShouldBe(DtlsResult.Ok);
    }

    /// <summary>The browser's datagrams of its next flight.</summary>
    public void SendFlight(MediaPeer? from = null)
    {
        ReadOnlySpan<byte> flight = _flight.AsSpan(0, Dtls.TakeFlight(_flight));
        while (DtlsRecords.TryTake(ref flight, out var datagram)) (from ?? Browser).Send(ToBrowserSide, datagram);
    }

    /// <summary>One packet each way.</summary>
    public void Talk(int sequence, MediaPeer? from = null)
    {
        var browser = from ?? Browser;
        browser.Send(ToBrowserSide, Seal(Packets.Rtp(sequence)));
        Harness.PumpTo(Shop, out _).ShouldBe(Packets.Rtp(sequence));
        Shop.Send(ToShopSide, Packets.Rtp(sequence, ssrc: 9));
        Open(HearRtp(browser)).ShouldBe(Packets.Rtp(sequence, ssrc: 9));
    }

    public byte[] Seal(byte[] packet) => SecureLine.Run(_sender!.ProtectRtp, packet);

    public byte[] Open(byte[] wire) => SecureLine.Run(_receiver!.UnprotectRtp, wire);

    public byte[] SealRtcp(byte[] datagram) => SecureLine.Run(_sender!.ProtectRtcp, datagram);

    public byte[] OpenRtcp(byte[] wire) => SecureLine.Run(_receiver!.UnprotectRtcp, wire);

    public void Dispose()
    {
        _sender?.Dispose();
        _receiver?.Dispose();
        Dtls.Dispose();
        Browser.Dispose();
        Shop.Dispose();
        Harness.Dispose();
    }

    // Reports of the relay's own come in between.
    private byte[] HearRtp(MediaPeer browser)
    {
        while (true)
        {
            var datagram = Harness.PumpTo(browser, out _);
            if (datagram[1] is < 192 or > 223) return datagram;
        }
    }

    private bool TakeAll()
    {
        var hasAny = false;
        while (Browser.TryReceive(out var datagram, out _))
        {
            hasAny = true;
            if (datagram[0] is >= 20 and <= 63) Dtls.Take(datagram);
        }
        return hasAny;
    }
}
