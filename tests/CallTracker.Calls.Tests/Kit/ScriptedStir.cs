using CallTracker.Calls.Stir;
using Shouldly;

namespace CallTracker.Calls.Tests.Kit;

/// <summary>A STIR service by hand: keeps what it was asked, the test answers when it likes.</summary>
internal sealed class ScriptedStir : IStirService
{
    public bool CanSign { get; set; } = true;

    /// <summary>Makes it refuse, as a full queue does.</summary>
    public bool IsFull { get; set; }

    public List<StirJob> Jobs { get; } = [];

    public bool TryPost(StirJob job)
    {
        if (!IsFull) Jobs.Add(job);
        return !IsFull;
    }

    /// <summary>The one job that is out; it is out no more.</summary>
    public StirJob Take(StirJobKind kind)
    {
        var job = Jobs.ShouldHaveSingleItem();
        job.Kind.ShouldBe(kind);
        Jobs.Clear();
        return job;
    }
}
