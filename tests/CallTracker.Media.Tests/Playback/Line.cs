using CallTracker.Media.Playback;
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

    public RelayHarness Harness { get; } = new(new MediaSettings { HoldMsMax = 61_000 });
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

    public Player Player => Harness.Relay.Player;

    /// <summary>The shop rings now.</summary>
    public void Ring(PromptCodec codec) => Ring(codec, Harness.NowMs).ShouldBeTrue();

    /// <summary>The shop rings, and was dialled at a time.</summary>
    public bool Ring(PromptCodec codec, long dialledMs) => Player.Start(
        Session, MediaSide.A,
        new PlayRequest(Tones.Ringback.Looped, FormatOf(codec), PlayUse.Ringback)
        {
            DelayMs = 300,
            SilentSinceMs = dialledMs,
        },
        Harness.NowMs);

    /// <summary>Plays to the caller from now on.</summary>
    public void Play(PlayList list, PlayUse use = PlayUse.Prompt, PromptCodec? codec = null, int startMs = 0) =>
        Player.Start(
            Session, MediaSide.A,
            new PlayRequest(list, FormatOf(codec ?? PromptCodecs.Pcmu), use) { StartMs = startMs },
            Harness.NowMs).ShouldBeTrue();

    private static readonly byte[] PayloadTypes = [0, 8, 9, 111];

    public static PlayFormat FormatOf(PromptCodec codec) => new(codec, PayloadTypes[codec.Index]);

    /// <summary>Lets time pass in the worker's small steps; what the caller has received.</summary>
    public List<byte[]> Pass(int ms)
    {
        Harness.Step(ms);
        return Drain(Caller);
    }

    public void SendFromShop(int sequence)
    {
        Shop.Send(Harness.Local(Session, MediaSide.B), Packets.Rtp(sequence));
        Harness.PumpUntil(() => Harness.Totals(Session, MediaSide.B).Packets > 0);
    }

    public static List<byte[]> Drain(MediaPeer peer)
    {
        var packets = new List<byte[]>();
        while (peer.TryReceive(out var packet, out _)) packets.Add(packet);
        return packets;
    }

    public void Dispose()
    {
        Caller.Dispose();
        Shop.Dispose();
        Harness.Dispose();
    }
}
