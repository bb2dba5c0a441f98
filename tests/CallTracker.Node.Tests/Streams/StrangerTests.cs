using System.Net;
using System.Net.Sockets;
using CallTracker.Calls.Registration;
using CallTracker.Calls.Routing;
using CallTracker.Core.Net;
using CallTracker.Node.Streams;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Streams;

/// <summary>Connections from addresses that no trunk knows: phones may come and register, nobody else stays.</summary>
public sealed class StrangerTests
{
    private static readonly IPAddress Stranger = IPAddress.Parse("127.0.0.2");
    private static readonly Trunk Phone = new()
    {
        Id = "phone",
        OperatorId = "op",
        Address = default,
        Prefixes = [],
        InboundFrom = [],
        AcceptsRegistration = true,
    };

    [Fact]
    public void Register_OfAStranger_GoesToAWorker()
    {
        using var rig = new StreamRig(trunks: [Phone]);
        using var phone = StreamRig.Connect(rig.Tcp, Stranger);
        phone.Send(StreamRig.Bytes(Register("r1")));
        rig.Take().Text.ShouldStartWith("REGISTER ");
    }

    [Fact]
    public void Stranger_WhereNobodyRegisters_IsClosedUnread()
    {
        using var rig = new StreamRig();
        using var phone = StreamRig.Connect(rig.Tcp, Stranger);
        StreamRig.IsEnded(phone).ShouldBeTrue();
        rig.Hub.Counters.Refused(RefuseCause.UnknownSource).ShouldBe(1);
    }

    [Fact]
    public void Request_OfAStranger_EndsItsConnection()
    {
        using var rig = new StreamRig(trunks: [Phone]);
        using var phone = StreamRig.Connect(rig.Tcp, Stranger);
        phone.Send(StreamRig.Bytes(StreamRig.Options("o1")));
        StreamRig.IsEnded(phone).ShouldBeTrue();
        rig.HasMail().ShouldBeFalse();
        StreamRig.Until(() => rig.Hub.Counters.Closed(CloseCause.Unauthenticated) == 1);
    }

    [Fact]
    public void Stranger_ThatDoesNotRegisterInTime_IsClosed()
    {
        using var rig = new StreamRig(new StreamSettings { StrangerMsMax = 300 }, trunks: [Phone]);
        using var phone = StreamRig.Connect(rig.Tcp, Stranger);
        phone.Send(StreamRig.Bytes(Register("r1")));
        StreamRig.IsEnded(phone).ShouldBeTrue();
        StreamRig.Until(() => rig.Hub.Counters.Closed(CloseCause.Unauthenticated) == 1);
    }

    [Fact]
    public void Stranger_ThatSaysTooMuch_IsClosed()
    {
        using var rig = new StreamRig(new StreamSettings { StrangerBytesMax = 1000 }, trunks: [Phone]);
        using var phone = StreamRig.Connect(rig.Tcp, Stranger);
        for (var i = 0; i < 10; i++) phone.Send(new byte[] { 13, 10, 13, 10 });
        phone.Send(StreamRig.Bytes(Register("r1")));
        rig.Take();
        phone.Send(StreamRig.Bytes(Register("r2", new string('x', 900))));
        StreamRig.IsEnded(phone).ShouldBeTrue();
        StreamRig.Until(() => rig.Hub.Counters.Closed(CloseCause.Unauthenticated) == 1);
    }

    [Fact]
    public void Phone_ThatRegistered_MayTalkAndStays()
    {
        using var rig = new StreamRig(new StreamSettings { StrangerMsMax = 400, StrangerBytesMax = 1000 },
            trunks: [Phone]);
        using var phone = StreamRig.Connect(rig.Tcp, Stranger);
        phone.Send(StreamRig.Bytes(Register("r1")));
        var flow = rig.Take().Flow;
        Bind(rig, flow);
        // Longer than a stranger may stay, and more than it may say.
        Thread.Sleep(900);
        for (var i = 0; i < 20; i++)
        {
            phone.Send(StreamRig.Bytes(StreamRig.Options($"o{i}")));
            rig.Take().Text.ShouldStartWith("OPTIONS ");
        }
        rig.Access.Bindings.Snapshot().ShouldHaveSingleItem();
        rig.Hub.Table.Count(SipTransportKind.Tcp, isOutbound: false).ShouldBe(1);
        // Its registration is over, and with it what it may say.
        rig.Access.Bindings.Restore([], 0);
        StreamRig.IsEnded(phone).ShouldBeTrue();
        StreamRig.Until(() => rig.Hub.Counters.Closed(CloseCause.Unauthenticated) == 1);
    }

    [Theory]
    [InlineData(2, 16, 2)]
    [InlineData(16, 3, 3)]
    public void Strangers_BeyondTheLimits_AreRefusedUntilOneHasProvedItself(int max, int perSource, int room)
    {
        using var rig = new StreamRig(
            new StreamSettings { StrangersMax = max, StrangersPerSourceMax = perSource }, trunks: [Phone]);
        var peers = new List<Socket>();
        for (var i = 0; i < room; i++)
        {
            peers.Add(StreamRig.Connect(rig.Tcp, Stranger));
            peers[^1].Send(StreamRig.Bytes(Register($"r{i}")));
        }
        var flow = rig.Take().Flow;
        for (var i = 1; i < room; i++) rig.Take();
        using (var late = StreamRig.Connect(rig.Tcp, Stranger)) StreamRig.IsEnded(late).ShouldBeTrue();
        rig.Hub.Counters.Refused(RefuseCause.StrangerLimit).ShouldBe(1);
        Bind(rig, flow);
        StreamRig.Until(() => rig.Hub.Table.All.Count(c => c.IsStranger) == room - 1);
        using var next = StreamRig.Connect(rig.Tcp, Stranger);
        next.Send(StreamRig.Bytes(Register("next")));
        rig.Take().Text.ShouldContain("next");
        peers.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public void Strangers_InOneSecond_AreBounded()
    {
        using var rig = new StreamRig(new StreamSettings { StrangersPerSecMax = 0 }, trunks: [Phone]);
        using var phone = StreamRig.Connect(rig.Tcp, Stranger);
        StreamRig.IsEnded(phone).ShouldBeTrue();
        rig.Hub.Counters.Refused(RefuseCause.StrangerLimit).ShouldBe(1);
    }

    [Fact]
    public void Source_ThatGuessesPasswords_IsNotAccepted()
    {
        using var rig = new StreamRig(trunks: [Phone]);
        var source = IpEndpoint.From(Stranger, 1);
        var nowMs = new Core.Time.SystemClock().NowMs;
        for (var i = 0; i < Calls.Access.AttackGuard.FailuresMax; i++) rig.Access.Guard.CountFailure(source, nowMs);
        using var phone = StreamRig.Connect(rig.Tcp, Stranger);
        StreamRig.IsEnded(phone).ShouldBeTrue();
        rig.Hub.Counters.Refused(RefuseCause.UnknownSource).ShouldBe(1);
    }

    // What the registrar does when the digest is right.
    private static void Bind(StreamRig rig, in SipFlow flow) => rig.Access.Bindings.TryPut(
        new Binding
        {
            TrunkId = Phone.Id,
            Contact = "sip:p@127.0.0.2"u8.ToArray(),
            CallId = "r1"u8.ToArray(),
            Flow = flow,
            CSeq = 1,
            ExpiresUnixMs = long.MaxValue,
        },
        unixMs: 0).ShouldBeTrue();

    private static string Register(string callId, string note = "") =>
        StreamRig.Options(callId).Replace("OPTIONS", "REGISTER", StringComparison.Ordinal)
            .Replace("Content-Length", $"X-Note: {note}\r\nContent-Length", StringComparison.Ordinal);
}
