using System.Globalization;
using System.Net;
using CallTracker.Core.Net;

namespace CallTracker.LoadTests.RelayOnly;

/// <summary>The command line of the relay-only mode.</summary>
internal sealed class RelayOnlyOptions
{
    public int Calls { get; private set; } = 100;

    /// <summary>Where the pairs of addresses for the generator are written.</summary>
    public string PairsPath { get; private set; } = "";

    public IPAddress Bind { get; private set; } = IPAddress.Parse("127.77.0.1");

    public int FirstPort { get; private set; } = 24_000;

    /// <summary>The port of all far ends; their addresses differ.</summary>
    public int FarPort { get; private set; } = 20_000;

    /// <summary>The far ends of side A, all at this address; null: each leg has one of its own.</summary>
    public IPAddress? FarA { get; private set; }

    public IPAddress? FarB { get; private set; }

    /// <summary>How long the loop rests after a turn while it is busy; 0: never; null: as the product does.</summary>
    public int? RestUs { get; private set; }

    /// <summary>So many packets end a rest; null: as in the product.</summary>
    public int? GatheredMin { get; private set; }

    /// <summary>Where all calls are recorded; empty: nowhere.</summary>
    public string RecordFolder { get; private set; } = "";

    /// <summary>The loop's thread is one of real time; it is an error when it cannot be.</summary>
    public bool IsRealTime { get; private set; }

    /// <summary>The kernel relays; it is an error when it cannot.</summary>
    public bool IsFast { get; private set; }

    /// <summary>How RTP comes: auto, epoll or uring.</summary>
    public string Io { get; private set; } = "auto";

    public static bool TryParse(string[] args, out RelayOnlyOptions options)
    {
        options = new RelayOnlyOptions();
        if (args.Length % 2 != 0) return false;
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!options.TryTake(args[i], args[i + 1])) return false;
        }
        return options.PairsPath.Length > 0 && options.Calls is > 0 and <= 10_000;
    }

    /// <summary>The loop's, with what was given in place of the product's figures.</summary>
    public TurnPacer NewPacer()
    {
        var usual = TurnPacer.Of(IsRealTime);
        return new TurnPacer(RestUs ?? usual.RestUs, GatheredMin ?? usual.GatheredMin);
    }

    private bool TryTake(string name, string value)
    {
        if (name == "--pairs")
        {
            PairsPath = value;
            return true;
        }
        if (name == "--record")
        {
            RecordFolder = value;
            return true;
        }
        if (name == "--io")
        {
            Io = value;
            return value is "auto" or "epoll" or "uring";
        }
        if (name == "--priority")
        {
            IsRealTime = value == "realtime";
            return value is "normal" or "realtime";
        }
        if (name is "--bind" or "--far-a" or "--far-b") return TryTakeAddress(name, value);
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        if (name == "--calls") Calls = number;
        else if (name == "--first-port") FirstPort = number;
        else if (name == "--far-port") FarPort = number;
        else if (name == "--rest-us") RestUs = number;
        else if (name == "--gather") GatheredMin = number;
        else if (name == "--fastpath") IsFast = number == 1;
        else return false;
        return true;
    }

    private bool TryTakeAddress(string name, string value)
    {
        var isAddress = IPAddress.TryParse(value, out var address);
        if (name == "--far-a") FarA = address;
        else if (name == "--far-b") FarB = address;
        else Bind = address ?? Bind;
        return isAddress;
    }
}
