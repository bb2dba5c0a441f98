using CallTracker.Sip.Tests.Support;
using CallTracker.TestKit;

namespace CallTracker.Sip.Tests.Transactions;

/// <summary>Two layers over a network that loses, doubles and reorders, for thousands of seeds.</summary>
public sealed class NetworkSimulationTests
{
    private const int SeedCount = 1_500;
    private const int CallCount = 3;
    private const long GiveUpMs = 600_000;

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.1, 0.1)]
    [InlineData(0.4, 0.2)]
    public void Calls_OverABadNetwork_AllEndAndLeaveNothing(double lossRate, double duplicateRate)
    {
        var firstSeed = Environment.TickCount;
        var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < SeedCount; i++)
        {
            foreach (var outcome in Run(firstSeed + i, lossRate, duplicateRate))
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", outcomes));
        outcomes.Keys.ShouldContain("ended");
        outcomes.Keys.ShouldContain("refused");
        outcomes.Keys.ShouldContain("cancelled");
        if (lossRate == 0) outcomes.Keys.ShouldNotContain("timeout");
    }

    private static IEnumerable<string> Run(int seed, double lossRate, double duplicateRate)
    {
        var clock = new FakeClock();
        var network = new SimulatedNetwork(seed, lossRate, duplicateRate, 1, 700);
        SimulatedAgent[] agents = [new(0, seed, network, clock), new(1, seed ^ 0x55, network, clock)];
        for (var i = 0; i < CallCount; i++) agents[0].Plan(10_000, agents[0].PlaceCall);
        var endMs = clock.NowMs + GiveUpMs;
        while (agents.Any(agent => !agent.IsQuiet) || network.UnderwayCount > 0)
        {
            if (clock.NowMs > endMs) throw new InvalidOperationException($"Seed {seed} does not come to rest.");
            clock.AdvanceMs(NextDelayMs(agents, network, clock));
            foreach (var agent in agents) agent.Turn();
            while (network.TryReceive(clock.NowMs, out var datagram)) agents[datagram.To].Receive(datagram.Bytes);
        }
        foreach (var agent in agents) agent.Layer.Counters.BufferBytesUsed.ShouldBe(0, $"seed {seed}");
        Check(agents, seed, lossRate);
        return agents[0].Calls.Select(call => call.Outcome!);
    }

    private static long NextDelayMs(SimulatedAgent[] agents, SimulatedNetwork network, FakeClock clock)
    {
        var delaysMs = agents.Select(agent => agent.NextDelayMs()).Append(network.NextDelayMs(clock.NowMs));
        return Math.Max(1, delaysMs.Where(delayMs => delayMs >= 0).DefaultIfEmpty(1).Min());
    }

    private static void Check(SimulatedAgent[] agents, int seed, double lossRate)
    {
        agents[0].Calls.Count.ShouldBe(CallCount, $"seed {seed}");
        foreach (var call in agents[0].Calls) call.Outcome.ShouldNotBeNull($"seed {seed}");
        // However often an INVITE is repeated or doubled, it makes one call.
        agents[1].Calls.Count.ShouldBeLessThanOrEqualTo(CallCount, $"seed {seed}");
        if (lossRate > 0) return;
        foreach (var call in agents[1].Calls) call.Outcome.ShouldNotBeNull($"seed {seed}");
    }
}
