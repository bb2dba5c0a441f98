using CallTracker.Core.Net;
using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests.Agents;

/// <summary>A shop's telephone system, or a proxy before it that forks. Owned by its <see cref="SimWorld"/>.</summary>
internal sealed class ShopAgent(SimWorld world, int node, IpEndpoint address, Random random)
    : Agent(world, node, address)
{
    protected override void OnInvite(ServerTransaction tx)
    {
        var plan = new ShopPlan(random);
        var party = Add(plan, tx);
        tx.Party = party;
        party.Ring();
        if (plan.ForkAnswerMs >= 0 && !plan.IsSilent) Add(plan, tx).AnswerAsFork();
    }

    protected override void OnCancel(ServerTransaction invite) => ((ShopParty)invite.Party!).OnCancel();

    private ShopParty Add(ShopPlan plan, ServerTransaction tx)
    {
        var party = new ShopParty(this, plan, tx);
        Parties.Add(party);
        return party;
    }
}
