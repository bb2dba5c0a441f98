namespace CallTracker.LoadTests.Measure;

/// <summary>What a scenario must show: each claim is printed with its verdict; one that fails is the run's.</summary>
internal sealed class Findings
{
    public bool AreAllGood { get; private set; } = true;

    public void Claim(string claim, bool holds, string detail = "")
    {
        AreAllGood &= holds;
        Console.WriteLine($"{(holds ? "ok    " : "FAILED")} {claim}{(detail.Length > 0 ? $": {detail}" : "")}");
    }
}
