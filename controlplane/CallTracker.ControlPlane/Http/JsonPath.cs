using System.Globalization;
using System.Text;

namespace CallTracker.ControlPlane.Http;

/// <summary>
/// Where a reader stands in a document, as a JSON pointer (RFC 6901). Lives while one document is read.
/// </summary>
internal sealed class JsonPath
{
    private readonly List<Level> _levels = [];

    public void EnterObject()
    {
        Step();
        _levels.Add(new Level([]));
    }

    public void EnterArray()
    {
        Step();
        _levels.Add(new Level(null));
    }

    public void Leave() => _levels.RemoveAt(_levels.Count - 1);

    /// <summary>Goes to a member; false when the object already had it.</summary>
    public bool Name(string name)
    {
        var level = _levels[^1];
        level.Current = name;
        return level.Names!.Add(name);
    }

    public void Value() => Step();

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var level in _levels)
        {
            if (level.Names is null) text.Append(CultureInfo.InvariantCulture, $"/{Math.Max(level.Index, 0)}");
            else if (level.Current is not null) text.Append('/').Append(Escape(level.Current));
        }
        return text.ToString();
    }

    /// <summary>RFC 6901 section 3: <c>~</c> is written <c>~0</c> and <c>/</c> is written <c>~1</c>.</summary>
    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private void Step()
    {
        if (_levels.Count > 0 && _levels[^1].Names is null) _levels[^1].Index++;
    }

    private sealed class Level(HashSet<string>? names)
    {
        public HashSet<string>? Names { get; } = names;
        public string? Current { get; set; }
        public int Index { get; set; } = -1;
    }
}
