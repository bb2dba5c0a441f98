using System.Globalization;
using System.Text;

namespace CallTracker.ControlPlane.Calls;

/// <summary>
/// Values of a statement: each gets a name and a type in the text and travels beside it, never inside it. Lives while
/// one statement is built.
/// </summary>
internal sealed class SqlParameters
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Values => _values;

    public string Text(string value) => Add("String", value);

    public string Number(ulong value) => Add("UInt64", value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A time given as Unix milliseconds, of the type of din_tms, so that the key is used.</summary>
    public string Time(long ms) =>
        $"fromUnixTimestamp64Milli({Add("Int64", ms.ToString(CultureInfo.InvariantCulture))}, 'Asia/Tokyo')";

    public string Id(string value) => $"toFixedString({Add("String", value)}, 24)";

    /// <summary>A list of words of our own vocabulary (no quotes or backslashes in them).</summary>
    public string Words(IReadOnlyList<string> values)
    {
        var list = new StringBuilder("[");
        foreach (var value in values) list.Append(list.Length > 1 ? ",'" : "'").Append(value).Append('\'');
        return Add("Array(String)", list.Append(']').ToString());
    }

    private string Add(string type, string value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"p{_values.Count}");
        _values.Add(name, value);
        return $"{{{name}:{type}}}";
    }
}
