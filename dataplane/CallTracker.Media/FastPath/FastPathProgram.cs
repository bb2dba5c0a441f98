using System.Globalization;
using CallTracker.Core.Linux.Bpf;
using CallTracker.Core.Net;

namespace CallTracker.Media.FastPath;

/// <summary>
/// The kernel's part of the relay: its program, attached to interfaces, and the table it shares with the workers. Made
/// once, at start, by the thread whose network namespace counts; everything ends with this object or the process.
/// </summary>
public sealed class FastPathProgram : IDisposable
{
    private const string Section = "tcx/ingress";
    private const int SettingsBytes = 16;
    // What was compiled here comes first; another clang may write what the kernel's verifier does not accept.
    private static readonly string[] Objects = ["relay.bpf.o", "relay.checked-in.bpf.o"];
    private const int NotPermitted = -1;
    private const int Invalid = -22;
    private readonly List<int> _links = [];
    private BpfArrayMap? _flows;
    private BpfArrayMap? _settings;
    private TrafficProgram? _program;

    private FastPathProgram()
    {
    }

    /// <summary>The interfaces attached to, with commas.</summary>
    public string Interfaces { get; private set; } = "";

    internal FlowTable Table { get; private set; } = null!;

    internal TrafficProgram Program => _program!;

    /// <summary>Loads and attaches; null with the reason, in one line, when that cannot be.</summary>
    public static FastPathProgram? TryOpen(FastPathSettings settings, out string reason) =>
        TryOpen(settings, attach: true, out reason);

    internal static FastPathProgram? TryOpen(FastPathSettings settings, bool attach, out string reason)
    {
        var path = new FastPathProgram();
        reason = path.Load(settings);
        if (reason.Length == 0 && attach) reason = path.Attach(settings);
        if (reason.Length == 0) return path;
        path.Dispose();
        return null;
    }

    public void Dispose()
    {
        foreach (var link in _links) UdpSocket.Close(link);
        _links.Clear();
        _program?.Dispose();
        _flows?.Dispose();
        _settings?.Dispose();
    }

    private string Load(FastPathSettings settings)
    {
        if (FlowTable.CountOf(settings) == 0) return "the node is bound to loopback";
        var error = BpfArrayMap.TryCreate(FlowEntry.SizeBytes, FlowTable.CountOf(settings), out _flows);
        if (error == 0) error = BpfArrayMap.TryCreate(SettingsBytes, 1, out _settings);
        if (error != 0) return ReasonOf("the table", error);
        Table = new FlowTable(_flows!.Memory, settings);
        Table.WriteSettings(_settings!.Memory);
        var maps = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["flows"] = _flows.Descriptor,
            ["settings"] = _settings.Descriptor,
        };
        return LoadProgram(maps);
    }

    private string LoadProgram(Dictionary<string, int> maps)
    {
        var reason = "";
        foreach (var name in Objects)
        {
            var code = BpfObject.Instructions(ReadObject(name), Section, maps);
            if (code is null) return name + " is not as this version expects it";
            var error = TrafficProgram.TryLoad(code, out _program, out var log);
            if (error == 0) return "";
            reason = ReasonOf("the program", error) + log;
        }
        return reason;
    }

    // Part of this assembly.
    private static byte[] ReadObject(string name)
    {
        using var stream = typeof(FastPathProgram).Assembly.GetManifestResourceStream(name);
        var bytes = new byte[stream?.Length ?? 0];
        stream?.ReadExactly(bytes);
        return bytes;
    }

    private string Attach(FastPathSettings settings)
    {
        var isNamed = settings.Interfaces.Count > 0;
        var names = new List<string>();
        var lastError = "there is no Ethernet interface";
        foreach (var (index, name) in NetworkInterfaces.EthernetOnes())
        {
            if (isNamed && !Contains(settings.Interfaces, name)) continue;
            if (names.Count == FastPathSettings.InterfacesMax) break;
            var link = _program!.AttachIngress(index);
            if (link >= 0)
            {
                _links.Add(link);
                names.Add(name);
                continue;
            }
            lastError = link == Invalid ? "the kernel has no TCX (Linux 6.6)" : ReasonOf("interface " + name, link);
            if (isNamed) return lastError;
        }
        Interfaces = string.Join(',', names);
        if (!isNamed) return names.Count > 0 ? "" : lastError;
        return names.Count == settings.Interfaces.Count ? "" : "an interface of the list is missing or not Ethernet";
    }

    private static bool Contains(IReadOnlyList<string> names, string name)
    {
        foreach (var one in names)
        {
            if (string.Equals(one, name, StringComparison.Ordinal)) return true;
        }
        return false;
    }

    private static string ReasonOf(string what, int error) => error == NotPermitted
        ? "CAP_BPF and CAP_NET_ADMIN are missing"
        : string.Create(CultureInfo.InvariantCulture, $"the kernel refuses {what} (errno {-error}) ");
}
