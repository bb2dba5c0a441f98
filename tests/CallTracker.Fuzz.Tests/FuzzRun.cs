using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CallTracker.TestKit.Servers;

namespace CallTracker.Fuzz.Tests;

/// <summary>
/// Runs one target: every input of its corpus, then mutations for a while. What the oracle refuses is made as small as
/// it can be and put into the corpus of the source tree, so that it is tested for ever. Owned by one test.
/// </summary>
internal sealed class FuzzRun(IFuzzTarget target, int seed)
{
    private const string ProjectFolder = "tests/CallTracker.Fuzz.Tests";

    /// <summary>Inputs tried.</summary>
    public long Count { get; private set; }

    /// <summary>Inputs that the target took.</summary>
    public long AcceptedCount { get; private set; }

    /// <summary>Runs for a time and at least <paramref name="countMin"/> mutations.</summary>
    public void Run(TimeSpan time, long countMin)
    {
        // The oracles use more expressions than are kept made by default, and would make each anew for every input.
        Regex.CacheSize = 200;
        var corpus = Load();
        corpus.ShouldNotBeEmpty();
        foreach (var input in corpus) Try(input);
        var mutator = new Mutator(new Random(seed), corpus, target.Pieces);
        var start = Stopwatch.GetTimestamp();
        while (Count < countMin || Stopwatch.GetElapsedTime(start) < time) Try(mutator.Next());
    }

    public override string ToString() => $"{target.Name}: {Count} inputs, {AcceptedCount} accepted, seed {seed}";

    private List<byte[]> Load() =>
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name))
            .Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];

    private void Try(byte[] input)
    {
        Count++;
        if (FaultOf(input) is null) return;
        var least = Minimise(input);
        var name = "found-" + Convert.ToHexStringLower(SHA256.HashData(least))[..12];
        var folder = Path.Combine(RepositoryPaths.Root, ProjectFolder, "Corpus", target.Name);
        File.WriteAllBytes(Path.Combine(folder, name), least);
        var text = Encoding.Latin1.GetString(least);
        throw new FuzzException(string.Create(
            CultureInfo.InvariantCulture, $"{target.Name}, seed {seed}, kept as {name}: {FaultOf(least)}\n{text}"));
    }

    private string? FaultOf(byte[] input)
    {
        try
        {
            // A buffer of its own, so that a read beyond the end throws; parsers may unfold lines in it.
            if (target.Run((byte[])input.Clone())) AcceptedCount++;
            return null;
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }

    // Takes away ever smaller parts as long as something is still wrong.
    private byte[] Minimise(byte[] input)
    {
        for (var part = input.Length / 2; part > 0; part /= 2)
        {
            for (var at = 0; at + part <= input.Length;)
            {
                byte[] less = [.. input[..at], .. input[(at + part)..]];
                if (FaultOf(less) is null) at += part;
                else input = less;
            }
        }
        return input;
    }
}
