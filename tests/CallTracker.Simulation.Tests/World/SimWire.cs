using CallTracker.Calls.Engine;
using CallTracker.Sip.Transactions;

namespace CallTracker.Simulation.Tests.World;

/// <summary>The engine's way out: into the simulated network, past the watch. Owned by its seed.</summary>
internal sealed class SimWire(SimWorld world, Random random) : ISipSender
{
    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (world.Terrain.SendFailureRate > 0 && random.NextDouble() < world.Terrain.SendFailureRate) return false;
        world.SendFromEngine(flow.Remote, message);
        return true;
    }
}
