using System.Net;
using CallTracker.Calls.Registration;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Node.Registration;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Registration;

/// <summary>Bindings outlive the process, broken files do no harm.</summary>
public sealed class BindingKeeperTests : IDisposable
{
    private readonly SystemClock _clock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("calltracker-keeper-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::7")]
    public async Task Bindings_OfAnEarlierRun_AreThereAgainUnlessTheyAreOver(string address)
    {
        var source = IpEndpoint.From(IPAddress.Parse(address), 40123);
        var registry = new BindingRegistry();
        await using (BindingKeeper.Start(registry, _folder, _clock, NullLogger.Instance))
        {
            registry.TryPut(Make("live", source, 600_000, SipTransportKind.Udp), _clock.UnixMs).ShouldBeTrue();
            registry.TryPut(Make("over", source.WithPort(2), 50, SipTransportKind.Udp), _clock.UnixMs).ShouldBeTrue();
            registry.TryPut(Make("tcp", source.WithPort(3), 600_000, SipTransportKind.Tcp), _clock.UnixMs)
                .ShouldBeTrue();
        }
        await Task.Delay(60, TestContext.Current.CancellationToken);
        var after = new BindingRegistry();
        await using var keeper = BindingKeeper.Start(after, _folder, _clock, NullLogger.Instance);
        var binding = after.Snapshot().ShouldHaveSingleItem();
        (binding.TrunkId, binding.Flow.Remote, binding.CSeq).ShouldBe(("live", source, 7u));
        binding.Contact.ShouldBe("sip:a@10.0.0.1"u8.ToArray());
        after.Knows(source, _clock.UnixMs).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[{\"trunk_id\":\"x\"}]")]
    [InlineData("[null]")]
    [InlineData("[{\"trunk_id\":\"x\",\"contact\":null,\"call_id\":\"c\",\"address\":\"192.0.2.1\",\"port\":1,"
        + "\"c_seq\":1,\"expires_unix_ms\":99999999999999}]")]
    [InlineData("[{\"trunk_id\":\"x\",\"contact\":\"sip:a@b\",\"call_id\":\"c\",\"address\":null,\"port\":1,"
        + "\"c_seq\":1,\"expires_unix_ms\":99999999999999}]")]
    [InlineData("[{\"trunk_id\":\"x\",\"contact\":\"sip:a@b\",\"call_id\":\"c\",\"address\":\"nowhere\",\"port\":1,"
        + "\"c_seq\":1,\"expires_unix_ms\":99999999999999}]")]
    public async Task File_ThatIsBroken_IsAnEmptyStart(string content)
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "registrations.json"), content, TestContext.Current.CancellationToken);
        var registry = new BindingRegistry();
        await using var keeper = BindingKeeper.Start(registry, _folder, _clock, NullLogger.Instance);
        registry.Count.ShouldBe(0);
    }

    private Binding Make(string trunkId, IpEndpoint source, long lifeMs, SipTransportKind kind) => new()
    {
        TrunkId = trunkId,
        Contact = "sip:a@10.0.0.1"u8.ToArray(),
        CallId = "c"u8.ToArray(),
        Flow = new SipFlow(kind, 0, 0, source),
        CSeq = 7,
        ExpiresUnixMs = _clock.UnixMs + lifeMs,
    };
}
