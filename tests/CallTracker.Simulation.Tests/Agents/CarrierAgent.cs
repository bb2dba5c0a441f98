using CallTracker.Core.Net;
using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests.Agents;

/// <summary>The carrier's side: all callers of a seed. Owned by its <see cref="SimWorld"/>.</summary>
internal sealed class CarrierAgent(SimWorld world, int node, IpEndpoint address) : Agent(world, node, address)
{
    public IEnumerable<CallerParty> Callers => Parties.Cast<CallerParty>();

    public void Plan(CallerPlan plan, string number, string called) => World.Later(plan.StartMs, () =>
    {
        var party = new CallerParty(this, plan, number, called);
        Parties.Add(party);
        party.Start();
    });

    protected override void OnInvite(ServerTransaction tx) =>
        throw new SimulationException($"An INVITE to the caller:\n{tx.Request.Text}");
}
