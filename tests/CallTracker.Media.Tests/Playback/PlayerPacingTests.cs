using CallTracker.Media.Playback;
using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Playback;

/// <summary>When packets leave: each leg every 20 ms to the millisecond, and not all at once.</summary>
public sealed class PlayerPacingTests
{
    private static readonly PlayFormat Format = new(PromptCodecs.Pcmu, 0);

    [Fact]
    public void Legs_PlayedAtOnce_AreSpreadEvenlyAndKeepTheirMillisecond()
    {
        using var crowd = new Crowd(40);
        crowd.PlayAll();
        // The first 20 ms give each leg its phase: two legs in each millisecond.
        var phases = new Dictionary<uint, long>();
        for (var ms = 0; ms < 20; ms++)
        {
            var sent = crowd.Step();
            sent.Count.ShouldBe(2);
            foreach (var packet in sent) phases.Add(packet.Ssrc, crowd.NowMs);
        }
        phases.Count.ShouldBe(40);
        for (var ms = 0; ms < 100; ms++)
        {
            foreach (var packet in crowd.Step()) ((crowd.NowMs - phases[packet.Ssrc]) % 20).ShouldBe(0);
        }
    }

    [Fact]
    public void Legs_ThatLeave_MakeRoomForTheNextInTheirPhases()
    {
        using var crowd = new Crowd(20);
        crowd.PlayAll();
        for (var leg = 0; leg < 20; leg += 2) crowd.Stop(leg);
        for (var leg = 0; leg < 20; leg += 2) crowd.Play(leg);
        for (var ms = 0; ms < 20; ms++) crowd.Step();
        for (var ms = 0; ms < 20; ms++) crowd.Step().Count.ShouldBe(1);
    }

    [Fact]
    public void NextDelay_WithOneLeg_IsTheTimeToItsNextFrame()
    {
        using var crowd = new Crowd(1);
        crowd.PlayAll();
        crowd.Step().Count.ShouldBe(1);
        for (var left = 20; left > 0; left--)
        {
            crowd.Harness.Relay.NextDelayMs(crowd.NowMs).ShouldBe(left);
            crowd.Step().Count.ShouldBe(left == 1 ? 1 : 0);
        }
    }

    [Fact]
    public void LateTick_WithinTheBound_SendsAllThatWasDueInOrder()
    {
        using var crowd = new Crowd(3);
        crowd.PlayAll();
        for (var ms = 0; ms < 20; ms++) crowd.Step();
        crowd.Harness.NowMs += 59;
        var late = crowd.Step();
        late.Count.ShouldBe(9);
        foreach (var leg in late.GroupBy(p => p.Ssrc))
        {
            var stamps = leg.Select(p => p.Timestamp).ToArray();
            stamps.ShouldBe([stamps[0], stamps[0] + 160, stamps[0] + 320]);
            leg.ShouldAllBe(p => !p.Marker);
        }
    }

    [Fact]
    public void Legs_StoppedByOthersEvents_AreNotTouchedAgain()
    {
        using var crowd = new Crowd(30);
        crowd.Harness.CloseOnEvent();
        for (var leg = 0; leg < 30; leg++) crowd.Play(leg, Sounds.Steps("short", 1 + (leg % 3), 500).Once);
        for (var ms = 0; ms < 100; ms++) crowd.Step();
        crowd.Harness.Told.Count.ShouldBe(30);
        crowd.Harness.Relay.Player.ActiveCount.ShouldBe(0);
        crowd.Harness.Relay.Player.Packets(PlayUse.Prompt).ShouldBe(60);
        crowd.Harness.Relay.OpenSessions.ShouldBe(0);
    }

    /// <summary>Callers of as many sessions, all at one socket.</summary>
    private sealed class Crowd : IDisposable
    {
        private readonly MediaPeer _caller;
        private readonly int[] _sessions;

        public Crowd(int legs)
        {
            Harness = new RelayHarness(pairs: legs * 2);
            _caller = new MediaPeer(Harness.Address, 9000);
            _sessions = [.. Enumerable.Range(0, legs).Select(_ => Harness.Open())];
            foreach (var session in _sessions) Harness.SetRemote(session, MediaSide.A, _caller.Endpoint);
        }

        public RelayHarness Harness { get; }

        public long NowMs => Harness.NowMs;

        public void PlayAll()
        {
            for (var leg = 0; leg < _sessions.Length; leg++) Play(leg);
        }

        public void Play(int leg, PlayList? list = null) => Harness.Relay.Player.Start(
            _sessions[leg], MediaSide.A, new PlayRequest(list ?? Tones.Busy.Looped, Format, PlayUse.Prompt),
            Harness.NowMs + 1).ShouldBeTrue();

        public void Stop(int leg) => Harness.Relay.Player.Stop(_sessions[leg], MediaSide.A);

        /// <summary>Lets a millisecond pass; what was sent in it.</summary>
        public List<Sent> Step()
        {
            Harness.Step(1);
            return Sent.Of(Line.Drain(_caller));
        }

        public void Dispose()
        {
            _caller.Dispose();
            Harness.Dispose();
        }
    }
}
