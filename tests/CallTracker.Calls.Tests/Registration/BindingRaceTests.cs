using CallTracker.Calls.Registration;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Registration;

/// <summary>A refresh that comes as the binding is over, while another worker takes out what is over.</summary>
public sealed class BindingRaceTests
{
    private const long OverAtMs = 100_000;
    private const long RefreshedToMs = 200_000;
    private readonly BindingRegistry _registry = new();

    [Fact]
    public void Refresh_OfABindingJustTakenOut_SaysSo()
    {
        var binding = Put(1, OverAtMs);
        _registry.Sweep(OverAtMs);
        _registry.TryRefresh(binding, 2, RefreshedToMs).ShouldBeFalse();
        binding.IsLive(OverAtMs).ShouldBeFalse();
        _registry.Count.ShouldBe(0);
    }

    [Fact]
    public void Refresh_OfABindingThatIsOverButStillThere_KeepsIt()
    {
        var binding = Put(1, OverAtMs);
        _registry.TryRefresh(binding, 2, RefreshedToMs).ShouldBeTrue();
        _registry.Sweep(OverAtMs);
        _registry.FindForCall("1", OverAtMs).ShouldBe(binding);
        binding.CSeq.ShouldBe(2u);
    }

    /// <summary>Whatever comes first, a phone that was told so is found.</summary>
    [Fact]
    public void Refreshes_WhileOthersTakeOut_AreTrueOnlyOfBindingsStillFound()
    {
        const int Rounds = 3000;
        var told = new bool[8];
        using var barrier = new Barrier(3);
        var bindings = new Binding[told.Length];
        var sweeper = new Thread(() => Each(Rounds, barrier, () => _registry.Sweep(OverAtMs)));
        var putter = new Thread(() => Each(Rounds, barrier, () => Put(100, RefreshedToMs, OverAtMs)));
        sweeper.Start();
        putter.Start();
        var lost = 0;
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < bindings.Length; i++) bindings[i] = Put(i, OverAtMs);
            barrier.SignalAndWait(TestContext.Current.CancellationToken);
            for (var i = 0; i < bindings.Length; i++) told[i] = _registry.TryRefresh(bindings[i], 2, RefreshedToMs);
            barrier.SignalAndWait(TestContext.Current.CancellationToken);
            for (var i = 0; i < bindings.Length; i++)
            {
                var isFound = _registry.FindForCall($"{i}", OverAtMs) == bindings[i];
                if (told[i] && !isFound) lost++;
            }
        }
        sweeper.Join();
        putter.Join();
        lost.ShouldBe(0);
    }

    private static void Each(int rounds, Barrier barrier, Action act)
    {
        for (var round = 0; round < rounds; round++)
        {
            barrier.SignalAndWait();
            act();
            barrier.SignalAndWait();
        }
    }

    private Binding Put(int number, long expiresUnixMs, long unixMs = 0)
    {
        var binding = new Binding
        {
            TrunkId = $"{number}",
            Contact = "sip:a@192.0.2.1"u8.ToArray(),
            CallId = "c"u8.ToArray(),
            Flow = new SipFlow(SipTransportKind.Udp, 0, 0, IpEndpoint.FromIpv4(0xC0000200u + (uint)number, 5060)),
            CSeq = 1,
            ExpiresUnixMs = expiresUnixMs,
        };
        _registry.TryPut(binding, unixMs).ShouldBeTrue();
        return binding;
    }
}
