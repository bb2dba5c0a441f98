namespace CallTracker.Fuzz.Tests;

/// <summary>
/// A parser under fuzzing with the oracle that judges it. <see cref="Run"/> throws when they disagree. One thread.
/// </summary>
internal interface IFuzzTarget
{
    /// <summary>The folder of its first inputs under Corpus.</summary>
    string Name { get; }

    /// <summary>Texts of its grammar that mutations put in.</summary>
    IReadOnlyList<string> Pieces { get; }

    /// <summary>Feeds one input; true when it was accepted, so that a run can show that both outcomes are reached.
    /// </summary>
    bool Run(byte[] input);
}
