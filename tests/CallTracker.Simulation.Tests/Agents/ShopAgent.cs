using CallTracker.Core.Net;
using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests.Agents;

/// <summary>A shop's telephone system, or a proxy before it that forks. Owned by its <see cref="SimWorld"/>.</summary>
internal sealed class ShopAgent(SimWorld world, int node, IpEndpoint address, Random random)
    : Agent(world, node, address)
{
    /// <summary>Numbers that only a redirection leads to begin with this after the area code.</summary>
    public const string RedirectedDigits = "88";

    public DigestGuard Guard { get; } = new(new Random(random.Next()));

    /// <summary>INVITEs that came by a redirection.</summary>
    public int RedirectedCount { get; private set; }

    /// <summary>The Contact line of a 302.</summary>
    public string NextRedirect() =>
        $"Contact: <sip:0{3 + (3 * random.Next(2))}{RedirectedDigits}{random.Next(100_000, 1_000_000)}@{Host}>\r\n";

    protected override void OnInvite(ServerTransaction tx)
    {
        if (tx.Request.Uri.IndexOf(RedirectedDigits, StringComparison.Ordinal) == 6) RedirectedCount++;
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
