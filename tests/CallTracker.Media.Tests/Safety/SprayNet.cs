using CallTracker.Media.Tests.FastPath;

namespace CallTracker.Media.Tests.Safety;

/// <summary>
/// The addresses of calls under attack, and a network namespace that has those of IPv6 and leads nowhere else.
/// </summary>
internal static class SprayNet
{
    /// <summary>The relay's IPv6 address.</summary>
    public const string Relay6 = "2001:db8::1";
    /// <summary>What a phone behind a NAT believes its address is. Nothing is there.</summary>
    public const string Private = "10.88.77.66";
    private static int s_count;

    public static string Phone(bool isIpv6, int side) => isIpv6 ? $"2001:db8::1{side}" : $"127.99.60.{side + 1}";

    public static string Signalling(bool isIpv6, int side) => isIpv6 ? $"2001:db8::2{side}" : $"127.99.61.{side + 1}";

    /// <summary>An address that no signalling knows.</summary>
    public static string Elsewhere(bool isIpv6, int number) =>
        isIpv6 ? $"2001:db8::bad:{number}" : $"127.98.60.{number + 1}";

    /// <summary>Runs the work in a namespace of its own; skips the test where that is not allowed.</summary>
    public static void Run(int elsewhere, Action work)
    {
        Assert.SkipUnless(NetNamespace.Missing is null, NetNamespace.Missing ?? "");
        var name = $"ctspray{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";
        NetNamespace.Ip($"netns add {name}\n");
        try
        {
            var lines = new System.Text.StringBuilder("link set lo up\n");
            Add(Relay6);
            for (var side = 0; side < 2; side++) Add(Phone(isIpv6: true, side));
            for (var side = 0; side < 2; side++) Add(Signalling(isIpv6: true, side));
            for (var i = 0; i < elsewhere; i++) Add(Elsewhere(isIpv6: true, i));
            NetNamespace.Ip(lines.ToString(), name);
            NetNamespace.Run(name, work);

            void Add(string address) =>
                lines.Append("addr add ").Append(address).Append("/128 dev lo nodad\n");
        }
        finally
        {
            NetNamespace.Ip($"netns del {name}\n");
        }
    }
}
