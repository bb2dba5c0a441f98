using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Playback;

/// <summary>A caller and a shop with early media on one session that is not answered yet.</summary>
internal sealed class Line : IDisposable
{
    public Line()
    {
        Caller = new MediaPeer(Harness.Address, 9000);
        Shop = new MediaPeer(Harness.Address, 9002);
        Reopen();
    }

    public RelayHarness Harness { get; } = new();
    public MediaPeer Caller { get; }
    public MediaPeer Shop { get; }
    public int Session { get; private set; }

    public void Reopen()
    {
        Session = Harness.Open();
        Harness.Relay.SetSourceRule(Session, MediaSide.B, MediaSourceRule.SignallingAddress, Shop.Endpoint);
        Harness.SetRemote(Session, MediaSide.A, Caller.Endpoint).ShouldBeTrue();
        Harness.SetRemote(Session, MediaSide.B, Shop.Endpoint).ShouldBeTrue();
    }

    /// <summary>The shop rings now.</summary>
    public void Start(byte payloadType) =>
        Harness.Relay.StartRingback(Session, payloadType, Harness.NowMs, 300, Harness.NowMs);

    /// <summary>Lets time pass in the worker's small steps; what the caller has received.</summary>
    public List<byte[]> Pass(int ms)
    {
        Harness.Step(ms);
        return RingbackPlayerTests.Drain(Caller);
    }

    public void SendFromShop(int sequence)
    {
        Shop.Send(Harness.Local(Session, MediaSide.B), Packets.Rtp(sequence));
        Harness.PumpUntil(() => Harness.Totals(Session, MediaSide.B).Packets > 0);
    }

    public void Dispose()
    {
        Caller.Dispose();
        Shop.Dispose();
        Harness.Dispose();
    }
}
