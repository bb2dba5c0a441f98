using CallTracker.Simulation.Tests.Agents;
using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests.Verdicts;

/// <summary>
/// No side is left in a call: every answered dialog was ended from one side or the other, and whoever asked got an
/// answer. Stateless.
/// </summary>
internal static class PeerVerdict
{
    // An INVITE inside a dialog that ends before its 2xx got through is left to the asker's timer B.
    private static readonly string[] AlwaysAnswered = ["BYE", "CANCEL"];

    public static void Check(SimWorld world)
    {
        // A transport that refuses to send, or a pool that is empty, may leave a peer to its own timers.
        if (!world.Terrain.IsKind) return;
        foreach (var party in world.Parties)
        {
            if (party.IsDead || party.HasEnded || !party.IsAnswered) continue;
            throw new SimulationException($"{party.Agent.Host} was left in the call {party.Dialog.CallId}");
        }
        foreach (var party in world.Parties)
        {
            if (party.Session.WasLeft && !party.IsDead)
                throw new SimulationException($"{party.Agent.Host} was to be refreshed and was not");
        }
        foreach (var caller in world.Carrier.Callers)
        {
            if (!caller.IsDead && caller.FinalCode == 0 && !caller.HasLeftEarly)
                throw new SimulationException($"{caller.Number} never got a final answer");
        }
        foreach (var tx in world.Carrier.ClientTransactions.Concat(world.Shops.SelectMany(s => s.ClientTransactions)))
        {
            if (tx.IsDone && tx.FinalCode == 0 && AlwaysAnswered.Contains(tx.Request.Method))
                throw new SimulationException($"Never answered:\n{tx.Request.Text}");
            if (tx.Request.Method == "REFER" && tx.FinalCode is not (0 or 603 or 481 or 500))
                throw new SimulationException($"{tx.FinalCode} to a REFER:\n{tx.Request.Text}");
        }
    }
}
