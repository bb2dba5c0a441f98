using System.Net;
using CallTracker.Core.Net;
using CallTracker.Node.Hosting;
using CallTracker.Node.Options;
using CallTracker.TestKit;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Hosting;

/// <summary>When workers get a ring, and what the log says of it.</summary>
public sealed class RingStartTests : IDisposable
{
    // TEST-NET-1: an address that is not here, so that the probe fails as it does where io_uring is forbidden.
    private static readonly IPAddress s_notHere = IPAddress.Parse("192.0.2.1");
    private readonly Epoll _epoll = new();
    private readonly LineLog _log = new();

    [Theory]
    [InlineData("auto")]
    [InlineData("uring")]
    public void Open_WhereItWorks_GivesEachWorkerARingAndSaysSoOnce(string mode)
    {
        Assert.SkipUnless(Rings.Missing is null, Rings.Missing ?? "");
        var start = new RingStart(Options(mode, IPAddress.Loopback), _log);
        for (var worker = 0; worker < 2; worker++)
        {
            using var ring = start.Open(_epoll, 10);
            ring.ShouldNotBeNull();
        }
        _log.Lines.ShouldBe(["RTP comes and goes by io_uring."]);
    }

    [Fact]
    public void Open_WhereItDoesNot_GivesNoneAndSaysWhyOnce()
    {
        var start = new RingStart(Options("auto", s_notHere), _log);
        for (var worker = 0; worker < 2; worker++) start.Open(_epoll, 10).ShouldBeNull();
        _log.Lines.ShouldHaveSingleItem().ShouldContain("by epoll: io_uring cannot be used here (errno ");
    }

    [Fact]
    public void Open_RequiredWhereItDoesNot_EndsTheStart() =>
        Should.Throw<OptionException>(() => new RingStart(Options("uring", s_notHere), _log).Open(_epoll, 10))
            .Message.ShouldContain("CALLTRACKER_IO");

    [Fact]
    public void Open_TurnedOff_AsksForNothing()
    {
        new RingStart(Options("epoll", IPAddress.Loopback), _log).Open(_epoll, 10).ShouldBeNull();
        _log.Lines.ShouldBeEmpty();
    }

    public void Dispose() => _epoll.Dispose();

    private static NodeOptions Options(string mode, IPAddress bind) => NodeOptions.From(new EnvironmentReader(
        name => name switch
        {
            "CALLTRACKER_IO" => mode,
            "CALLTRACKER_BIND" => bind.ToString(),
            _ => null,
        }));
}
