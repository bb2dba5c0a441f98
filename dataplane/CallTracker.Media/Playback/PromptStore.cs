using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace CallTracker.Media.Playback;

/// <summary>
/// The prompts of a node by id, the built-in tones among them. Workers read a table that never changes; whoever decodes
/// files puts another in its place. A prompt that left the table plays on where it plays.
/// </summary>
public sealed class PromptStore
{
    /// <summary>The longest id.</summary>
    public const int IdLengthMax = 64;
    private readonly int _countMax;
    private readonly long _bytesMax;
    private FrozenDictionary<string, Prompt> _prompts = FrozenDictionary<string, Prompt>.Empty;
    private long _bytes;

    /// <param name="countMax">Prompts from files at most.</param>
    /// <param name="bytesMax">What their frames may take in memory, all together.</param>
    public PromptStore(int countMax = 1000, long bytesMax = 256L << 20)
    {
        (_countMax, _bytesMax) = (countMax, bytesMax);
        Replace([], []);
    }

    /// <summary>Prompts that can be played; any thread.</summary>
    public int Count => Volatile.Read(ref _prompts).Count;

    /// <summary>What those from files take in memory; any thread.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Finds a prompt; any thread, without allocation.</summary>
    public bool TryFind(string id, [NotNullWhen(true)] out Prompt? prompt) =>
        Volatile.Read(ref _prompts).TryGetValue(id, out prompt);

    /// <summary>Puts other prompts in place of those from files.</summary>
    /// <param name="wanted">In the order of their claim to a place; ids differ.</param>
    /// <param name="refused">Receives those that the store has no room for.</param>
    public void Replace(IReadOnlyList<Prompt> wanted, List<Prompt> refused)
    {
        var table = new Dictionary<string, Prompt>(StringComparer.Ordinal);
        long bytes = 0;
        foreach (var tone in Tones.All) table[tone.Id] = tone;
        var count = 0;
        foreach (var prompt in wanted)
        {
            if (count == _countMax || bytes + prompt.Bytes > _bytesMax)
            {
                refused.Add(prompt);
                continue;
            }
            table[prompt.Id] = prompt;
            bytes += prompt.Bytes;
            count++;
        }
        Interlocked.Exchange(ref _bytes, bytes);
        Volatile.Write(ref _prompts, table.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>True for 1 to 64 of A-Z a-z 0-9 _ and -.</summary>
    public static bool IsId(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > IdLengthMax) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')) return false;
        }
        return true;
    }
}
