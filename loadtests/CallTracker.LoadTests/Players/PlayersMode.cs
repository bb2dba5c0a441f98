using CallTracker.LoadTests.Measure;
using CallTracker.Media.Playback;
using CallTracker.Media.Relay;

namespace CallTracker.LoadTests.Players;

/// <summary>
/// How evenly packets are spaced, and what each costs, when one relay plays to many legs at once. One process: the
/// relay on a thread with a worker's loop, the listeners on another. No product is started.
/// </summary>
internal static class PlayersMode
{
    private const int DeviationUsMax = 2000;

    public static int Usage()
    {
        Console.Error.WriteLine(
            "usage: CallTracker.LoadTests players [--calls N] [--secs N] [--first-port N] [--far-port N]");
        return 2;
    }

    public static int Run(string[] args)
    {
        if (!PlayersOptions.TryParse(args, out var options)) return Usage();
        using var meter = new SpacingMeter(options.FarPort);
        using var relay = new PlayingRelay(options);
        relay.Start();
        meter.Run(options.Secs * 1000);
        relay.Stop();
        meter.Run(200);
        var findings = new Findings();
        Judge(findings, options, meter, relay);
        Print(options, meter, relay);
        return findings.AreAllGood ? 0 : 1;
    }

    private static void Judge(Findings findings, PlayersOptions options, SpacingMeter meter, PlayingRelay relay)
    {
        var sent = relay.Player.Packets(PlayUse.Prompt);
        var expected = (options.Secs * 50L * options.Calls) - (options.Calls * 25L);
        findings.Claim("every leg is played to", meter.Legs == options.Calls, $"{meter.Legs} of {options.Calls}");
        findings.Claim("every packet is sent", sent >= expected, $"{sent}, at least {expected} are due");
        findings.Claim("every packet arrives, in order", meter.Packets == sent && meter.OutOfOrder == 0,
            $"{meter.Packets} of {sent}, {meter.OutOfOrder} out of order, {meter.KernelDrops} dropped by the kernel, "
            + $"{relay.Counters.Dropped(MediaDropReason.SendBufferFull)} not sent");
        findings.Claim($"99 % are within {DeviationUsMax} µs of 20 ms after the one before",
            meter.Quantile(0.99) < DeviationUsMax, $"{meter.Quantile(0.99)} µs");
        findings.Claim("the player's thread allocates nothing", relay.AllocatedBytes == 0,
            $"{relay.AllocatedBytes} bytes");
    }

    private static void Print(PlayersOptions options, SpacingMeter meter, PlayingRelay relay)
    {
        var figures = new Figures($"players: {options.Calls} legs for {options.Secs} s, deviation from 20 ms in µs");
        figures.Add("50 %", meter.Quantile(0.5));
        figures.Add("90 %", meter.Quantile(0.9));
        figures.Add("99 %", meter.Quantile(0.99));
        figures.Add("99.9 %", meter.Quantile(0.999));
        figures.Add("worst", meter.Quantile(1));
        figures.Add("player's CPU µs per packet", relay.CpuUs / relay.Player.Packets(PlayUse.Prompt));
        figures.Print();
    }
}
