using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests.Verdicts;

/// <summary>After a seed nothing may be left in the engine: every pool is whole. Stateless.</summary>
internal static class Wholeness
{
    public static void Check(SimWorld world)
    {
        var engine = world.Engine;
        var sip = engine.TransactionCounters;
        Require(engine.ActiveCalls, "calls");
        Require((int)engine.Counters.Active, "calls in the metric");
        Require(engine.WaitingNumbers, "numbers waiting for a route");
        Require(engine.Timers.Count, "call timers");
        Require(engine.Buffers.Lent, "buffers");
        Require(engine.Media.OpenSessions, "media sessions");
        Require(world.Ports.PairCount - world.Ports.IdlePairCount, "port pairs");
        Require(sip.Active, "active transactions");
        Require(sip.Lingering, "lingering transactions");
        Require((int)sip.BufferBytesUsed, "bytes of kept messages");
        Require(engine.Sip.PendingTimers, "transaction timers");
        Require(engine.Sip.QueuedFailures, "queued failures");
    }

    private static void Require(int left, string what)
    {
        if (left != 0) throw new SimulationException($"Left behind: {left} {what}");
    }
}
