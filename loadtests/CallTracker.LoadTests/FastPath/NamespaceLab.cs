using System.Diagnostics;

namespace CallTracker.LoadTests.FastPath;

/// <summary>
/// Three network namespaces joined by virtual cables: the far ends A and B, the relay between them, and a cable from A
/// to B for the baseline. As from a wire, packets carry whole checksums. Taken down at the end.
/// </summary>
internal sealed class NamespaceLab : IDisposable
{
    private readonly string _name = $"ctload{Environment.ProcessId}";

    public NamespaceLab()
    {
        Ip($"netns add {A}\nnetns add {B}\nnetns add {Relay}\n", space: null);
        Cable(A, "a", 1);
        Cable(B, "b", 2);
        Ip("link set lo up\naddr add 10.88.0.1/32 dev lo\n", Relay);
        Ip($"link add ab netns {A} type veth peer name ba netns {B}\n", space: null);
        Ip("addr add 10.88.3.1/24 dev ab\nlink set ab up\n", A);
        Ip("addr add 10.88.3.2/24 dev ba\nlink set ba up\n", B);
        WholeChecksums(A, "a0");
        WholeChecksums(A, "ab");
        WholeChecksums(B, "b0");
        WholeChecksums(B, "ba");
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public string A => _name + "a";

    public string B => _name + "b";

    public string Relay => _name + "r";

    /// <summary>The command, run in the relay's namespace.</summary>
    public List<string> InRelay(params string[] command) => ["ip", "netns", "exec", Relay, .. command];

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        Ip($"netns del {A}\nnetns del {B}\nnetns del {Relay}\n", space: null);
    }

    // A run that is interrupted does not come to its end.
    private void OnExit(object? sender, EventArgs e) => Dispose();

    private void Cable(string space, string end, int net)
    {
        Ip($"link add r{end} netns {Relay} type veth peer name {end}0 netns {space}\n", space: null);
        Ip($"addr add 10.88.{net}.1/24 dev r{end}\nlink set r{end} up\n", Relay);
        Ip($"addr add 10.88.{net}.2/24 dev {end}0\nlink set {end}0 up\nlink set lo up\n"
            + $"route add 10.88.0.1 via 10.88.{net}.1\n", space);
    }

    // ethtool is not everywhere; without it the far ends leave checksums to the cable, which favours no relay.
    private static void WholeChecksums(string space, string name)
    {
        if (!Product.Shell.Exists("ethtool")) return;
        using var process = Product.Shell.Start(
            ["ip", "netns", "exec", space, "ethtool", "-K", name, "tx", "off"], "/", environment: null);
        process.WaitForExit();
    }

    private static void Ip(string lines, string? space)
    {
        string[] command = space is null ? ["-batch", "-"] : ["-n", space, "-batch", "-"];
        var start = new ProcessStartInfo("ip", command)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new LoadTestException("ip cannot be started");
        process.StandardInput.Write(lines);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new LoadTestException($"ip (needs root): {error.Trim()}");
    }
}
