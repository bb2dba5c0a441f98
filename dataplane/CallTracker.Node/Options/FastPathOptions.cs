using CallTracker.Core.Net;
using CallTracker.Media.FastPath;

namespace CallTracker.Node.Options;

/// <summary>Whether and where the kernel relays calls, from the environment. Read once at start.</summary>
internal sealed record FastPathOptions
{
    public FastPathMode Mode { get; init; }

    /// <summary>Names of the interfaces that media comes in by; empty: all Ethernet ones.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    public static FastPathOptions From(EnvironmentReader read)
    {
        var names = read.Text("CALLTRACKER_FASTPATH_INTERFACES", "");
        var parts = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Distinct(StringComparer.Ordinal).Count() != parts.Length || parts.Any(part => part.Length > 15))
            throw new OptionException("CALLTRACKER_FASTPATH_INTERFACES must be interface names with commas.");
        return new FastPathOptions
        {
            Mode = read.Choice("CALLTRACKER_FASTPATH", "off", "auto", "required") switch
            {
                "auto" => FastPathMode.Auto,
                "required" => FastPathMode.Required,
                _ => FastPathMode.Off,
            },
            Interfaces = parts,
        };
    }

    /// <summary>What the kernel's table must cover: the port shares of all workers.</summary>
    public static FastPathSettings SettingsOf(NodeOptions options)
    {
        var first = (options.RtpPortFirst + 1) & ~1;
        var share = (options.RtpPortLast - first + 1) / 2 / options.Workers;
        var (one, other) = (options.SipEndpoint.WithPort(0), options.SecondSipEndpoint.WithPort(0));
        return new FastPathSettings
        {
            FirstPort = first,
            PairCount = share * options.Workers,
            Ipv4 = one.IsIpv4 ? one : OfVersion4(other),
            Ipv6 = one.IsIpv4 ? other : one,
            Interfaces = options.FastPath.Interfaces,
        };
    }

    private static IpEndpoint OfVersion4(in IpEndpoint address) => address.IsIpv4 ? address : default;
}
