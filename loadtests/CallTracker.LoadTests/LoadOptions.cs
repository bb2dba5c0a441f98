using System.Globalization;

namespace CallTracker.LoadTests;

/// <summary>The command line of a scenario. Read once; what is not given has the scenario's default.</summary>
internal sealed class LoadOptions
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Rates and counts have bounds, so that a slip of the hand floods nobody.</summary>
    public double RatePerSec => Number("--rate", 100, 10_000);

    public int Secs => (int)Number("--secs", 20, 3600);

    public int HoldMs => (int)(Number("--hold", 2, 3600) * 1000);

    public int Reps => (int)Number("--reps", 3, 50);

    public int Calls(int usual) => (int)Number("--calls", usual, 50_000);

    public bool HasCalls => _values.ContainsKey("--calls");

    /// <summary>First of a hundred ports for signalling and services.</summary>
    public int PortBase => (int)Number("--ports", 18_600, 65_000);

    /// <summary>First port of the node's media; as many as the calls need follow.</summary>
    public int RtpPort => (int)Number("--rtp-port", 40_000, 65_000);

    public int RtpPortLast => (int)Number("--rtp-port-last", 44_799, 65_535);

    /// <summary>First port of the far ends of media; eight, RTP and RTCP in turns.</summary>
    public int MediaPort => (int)Number("--media-port", 44_900, 65_500);

    /// <summary>Percent of one core that the node of an overload gets.</summary>
    public int Quota => (int)Number("--quota", 25, 100);

    /// <summary>Datagrams a second with made-up sources.</summary>
    public int SprayPerSec => (int)Number("--spray", 100_000, 1_000_000);

    /// <summary>Callers and shops of a ramp: as many SIPp on each side.</summary>
    public int Cells => (int)Number("--cells", 2, 2);

    public bool UsesSipp => Has("--sipp");

    /// <summary>SIPp's caller sends audio and its shop echoes it.</summary>
    public bool HasRtp => Has("--rtp");

    /// <summary>
    /// The trunks' media setting: anchored, or direct, so that a call costs the node its signalling alone.
    /// </summary>
    public string TrunkMedia => _values.GetValueOrDefault("--media", "anchored") switch
    {
        "direct" => "direct",
        "anchored" => "anchored",
        _ => throw new LoadTestException("--media is anchored or direct"),
    };

    /// <summary>No product in between: what the driver itself can do.</summary>
    public bool IsDirect => Has("--direct");

    public bool SkipsBuild => Has("--no-build");

    /// <summary>Keeps the run's folder with its logs.</summary>
    public bool KeepsFolder => Has("--keep");

    public string Beside => _values.GetValueOrDefault("--beside", "");

    /// <summary>Where rtpload.c, run_sip.py and run_rtp.py are looked for, from the repository's root.</summary>
    public string BenchFolder => _values.GetValueOrDefault("--bench", Path.Combine("..", "shared", "bench"));

    public static LoadOptions Parse(IReadOnlyList<string> args)
    {
        var options = new LoadOptions();
        string[] flags = ["--sipp", "--rtp", "--direct", "--no-build", "--keep"];
        string[] valued =
        [
            "--rate", "--secs", "--hold", "--reps", "--calls", "--ports", "--rtp-port", "--rtp-port-last",
            "--media-port", "--beside", "--bench", "--quota", "--spray",
            "--media", "--cells",
        ];
        for (var i = 0; i < args.Count; i++)
        {
            if (flags.Contains(args[i])) options._values[args[i]] = "";
            else if (!valued.Contains(args[i])) throw new LoadTestException($"unknown option {args[i]}");
            else if (i + 1 == args.Count) throw new LoadTestException($"{args[i]} needs a value");
            else options._values[args[i]] = args[++i];
        }
        return options;
    }

    private bool Has(string name) => _values.ContainsKey(name);

    private double Number(string name, double usual, double max)
    {
        if (!_values.TryGetValue(name, out var text)) return usual;
        const NumberStyles plain = NumberStyles.AllowDecimalPoint;
        var isNumber = double.TryParse(text, plain, CultureInfo.InvariantCulture, out var value);
        if (isNumber && value > 0 && value <= max) return value;
        throw new LoadTestException(string.Create(CultureInfo.InvariantCulture, $"{name} is above 0, at most {max}"));
    }
}
