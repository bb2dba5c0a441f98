namespace CallTracker.Contracts.Metrics;

/// <summary>
/// Compares label sets with the tags of a measurement in place, so that a known series is found without allocating.
/// Stateless. The order of tags matters: an instrument is always recorded with its tags in one order.
/// </summary>
internal sealed class LabelSetComparer : IEqualityComparer<LabelSet>,
    IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, LabelSet>
{
    public static readonly LabelSetComparer Instance = new();

    public LabelSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate);

    public bool Equals(LabelSet? x, LabelSet? y) => x is not null && y is not null && Equals(x.Tags, y);

    public int GetHashCode(LabelSet obj) => GetHashCode(obj.Tags);

    public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, LabelSet other)
    {
        if (alternate.Length != other.Tags.Length) return false;
        for (var i = 0; i < alternate.Length; i++)
        {
            var tag = other.Tags[i];
            if (alternate[i].Key != tag.Key || !Equals(alternate[i].Value, tag.Value)) return false;
        }
        return true;
    }

    public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
    {
        var hash = new HashCode();
        foreach (var (key, value) in alternate)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value);
        }
        return hash.ToHashCode();
    }
}
