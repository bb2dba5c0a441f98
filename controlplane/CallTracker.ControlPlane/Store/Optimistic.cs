namespace CallTracker.ControlPlane.Store;

/// <summary>Repeats a read-then-write that lost a race against another writer. Stateless.</summary>
internal static class Optimistic
{
    /// <summary>Tries before giving up; each loss means that somebody else made progress.</summary>
    public const int AttemptsMax = 5;

    /// <summary>Runs <paramref name="attempt"/> until it returns a result; null asks for another try.</summary>
    public static async Task<IResult> RunAsync(Func<Task<IResult?>> attempt)
    {
        for (var i = 0; i < AttemptsMax; i++)
        {
            if (await attempt() is { } result) return result;
        }
        return Http.Problems.Conflict("busy", "Others keep changing this at the same time; try again.");
    }
}
