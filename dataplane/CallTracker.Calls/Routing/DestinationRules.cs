using CallTracker.Calls.Model;

namespace CallTracker.Calls.Routing;

/// <summary>
/// Which destinations a number may forward to: the guard against toll fraud that holds even where somebody got hold of
/// the API or a redirection names the target. The longest prefix decides; among equally long ones, permission.
/// Immutable, made by the backends, shared by all workers.
/// </summary>
/// <param name="allowed">Leading digits of what is permitted.</param>
/// <param name="barred">Leading digits of what is not, unless a longer or equal permission says so.</param>
public sealed class DestinationRules(PhoneNumber[] allowed, PhoneNumber[] barred)
{
    /// <summary>No rules: everything is permitted.</summary>
    public static DestinationRules Any { get; } = new([default], []);

    public bool Allows(PhoneNumber destination)
    {
        var permission = LongestMatch(allowed, destination);
        return permission >= 0 && permission >= LongestMatch(barred, destination);
    }

    private static int LongestMatch(PhoneNumber[] prefixes, PhoneNumber destination)
    {
        var longest = -1;
        foreach (var prefix in prefixes)
        {
            if (prefix.Length > longest && destination.StartsWith(prefix)) longest = prefix.Length;
        }
        return longest;
    }
}
