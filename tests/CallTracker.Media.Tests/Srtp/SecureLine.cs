using CallTracker.Media.Relay;
using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Srtp;

/// <summary>A secure phone on side A, whose SRTP is libsrtp's, and a plain shop on side B.</summary>
internal sealed class SecureLine : IDisposable
{
    public const byte PhoneSeed = 1;
    private const byte OurSeed = 2;
    private readonly bool _isMuxed;
    private SrtpMaster _remote;
    private SrtpMaster _local;
    private LibSrtp _sender;
    private LibSrtp _receiver;

    public SecureLine(SrtpSuite suite, bool isMuxed = false, bool isAnswered = true)
    {
        _isMuxed = isMuxed;
        Phone = new MediaPeer(Address, 9000);
        Shop = new MediaPeer(Address, 9002);
        PhoneControl = isMuxed ? Phone : new MediaPeer(Address, 9001);
        ShopControl = isMuxed ? Shop : new MediaPeer(Address, 9003);
        Session = Harness.Open();
        (_remote, _local) = (SrtpKit.MasterOf(suite, PhoneSeed), SrtpKit.MasterOf(suite, OurSeed));
        (_sender, _receiver) = (new LibSrtp(_remote, sends: true), new LibSrtp(_local, sends: false));
        SetKeys();
        Harness.SetRemote(Session, MediaSide.A, Phone.Endpoint, mux: isMuxed).ShouldBeTrue();
        Harness.SetRemote(Session, MediaSide.B, Shop.Endpoint, mux: isMuxed).ShouldBeTrue();
        Harness.Relay.SetSourceRule(Session, MediaSide.A, MediaSourceRule.AnyAddress, Phone.Endpoint);
        if (isAnswered) Harness.Relay.MarkAnswered(Session, Harness.NowMs);
    }

    public RelayHarness Harness { get; } = new();
    /// <summary>Of both phones; not the relay's, from which nothing is ever learned.</summary>
    public string Address { get; } = RelayHarness.NewAddress();
    public MediaPeer Phone { get; }
    public MediaPeer Shop { get; }
    public MediaPeer PhoneControl { get; }
    public MediaPeer ShopControl { get; }
    public int Session { get; }
    public byte[] LastFromPhone { get; private set; } = [];
    public Core.Net.IpEndpoint ToPhoneSide => Harness.Local(Session, MediaSide.A);
    public Core.Net.IpEndpoint ToShopSide => Harness.Local(Session, MediaSide.B);

    public delegate int Transform(byte[] buffer, ref int length);

    public void SetKeys() => Harness.Relay.SetKeys(Session, MediaSide.A, _local, _remote);

    /// <summary>Both ends agree on new keys.</summary>
    public void Rekey(SrtpSuite suite, byte seed)
    {
        _sender.Dispose();
        _receiver.Dispose();
        (_remote, _local) = (SrtpKit.MasterOf(suite, seed), SrtpKit.MasterOf(suite, (byte)(seed + 1)));
        (_sender, _receiver) = (new LibSrtp(_remote, sends: true), new LibSrtp(_local, sends: false));
        SetKeys();
    }

    /// <summary>One packet from the phone reaches the shop.</summary>
    public void SayHello(int sequence = 1)
    {
        Phone.Send(ToPhoneSide, SealAtPhone(Packets.Rtp(sequence)));
        Harness.PumpTo(Shop, out _).ShouldBe(Packets.Rtp(sequence));
    }

    public byte[] SealAtPhone(byte[] packet) => LastFromPhone = Run(_sender.ProtectRtp, packet);

    public byte[] OpenAtPhone(byte[] wire) => Run(_receiver.UnprotectRtp, wire);

    public byte[] SealRtcpAtPhone(byte[] datagram) => Run(_sender.ProtectRtcp, datagram);

    public byte[] OpenRtcpAtPhone(byte[] wire) => Run(_receiver.UnprotectRtcp, wire);

    public static byte[] Run(Transform transform, byte[] packet)
    {
        var buffer = new byte[packet.Length + 64];
        packet.CopyTo(buffer, 0);
        var length = packet.Length;
        transform(buffer, ref length).ShouldBe(0, "libsrtp refuses it");
        return buffer[..length];
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        Phone.Dispose();
        Shop.Dispose();
        if (!_isMuxed) PhoneControl.Dispose();
        if (!_isMuxed) ShopControl.Dispose();
        Harness.Dispose();
    }
}
