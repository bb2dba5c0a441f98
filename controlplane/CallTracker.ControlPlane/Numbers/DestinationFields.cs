using CallTracker.Contracts.Numbers;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Numbers;

/// <summary>Reads which destinations a number permits, and holds its destinations against that. Stateless.</summary>
internal static class DestinationFields
{
    private const string Name = "allowed_destinations";
    private const int WrittenLengthMax = 40;

    /// <summary>The prefixes, normalised: digits as they are, +1 as 0101.</summary>
    public static IReadOnlyList<string> ReadPrefixes(JsonFields fields)
    {
        var prefixes = new List<string>();
        foreach (var (text, pointer) in fields.Texts(Name, DestinationPlan.PrefixesMax))
        {
            var prefix = text.Length > WrittenLengthMax ? null : NumberingPlan.Normalise(text);
            if (prefix is null) fields.Errors.Add(new FieldError(pointer, "Must be digits, or + and a country."));
            else if (!prefixes.Contains(prefix)) prefixes.Add(prefix);
        }
        return prefixes;
    }

    /// <summary>Refuses a destination that the node would refuse at every call.</summary>
    public static void Check(JsonFields fields, string name, string destination, IReadOnlyList<string> prefixes)
    {
        if (DestinationPlan.Allows(destination, prefixes)) return;
        fields.Refuse(name, prefixes.Count == 0
            ? "Is no ordinary Japanese number; name its leading digits in allowed_destinations to permit it."
            : "Is not permitted by allowed_destinations.");
    }
}
