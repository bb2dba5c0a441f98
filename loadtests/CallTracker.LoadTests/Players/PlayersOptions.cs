using System.Globalization;

namespace CallTracker.LoadTests.Players;

/// <summary>The command line of the players mode.</summary>
internal sealed class PlayersOptions
{
    public int Calls { get; private set; } = 1000;

    public int Secs { get; private set; } = 20;

    /// <summary>First port of the relay; four for each call.</summary>
    public int FirstPort { get; private set; } = 24_000;

    /// <summary>The port of all who listen; their addresses differ.</summary>
    public int FarPort { get; private set; } = 20_998;

    public static bool TryParse(string[] args, out PlayersOptions options)
    {
        options = new PlayersOptions();
        if (args.Length % 2 != 0) return false;
        for (var i = 0; i < args.Length; i += 2)
        {
            const NumberStyles plain = NumberStyles.None;
            if (!int.TryParse(args[i + 1], plain, CultureInfo.InvariantCulture, out var number)) return false;
            if (args[i] == "--calls") options.Calls = number;
            else if (args[i] == "--secs") options.Secs = number;
            else if (args[i] == "--first-port") options.FirstPort = number;
            else if (args[i] == "--far-port") options.FarPort = number;
            else return false;
        }
        return options is { Calls: > 0 and <= 10_000, Secs: > 0 and <= 3600, FarPort: > 0 and <= 65_535 }
            && options.FirstPort is >= 1024 && options.FirstPort + (options.Calls * 4) <= 65_536;
    }
}
