using System.Diagnostics.Metrics;
using CallTracker.Media.Playback;
using CallTracker.Node.Prompts;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Metrics;

/// <summary>What is played and what could be. Observable: read when somebody asks.</summary>
internal sealed class PlayerMetrics : IDisposable
{
    private readonly Meter _meter = new("CallTracker.Node.Player");
    private readonly Worker[] _workers;

    public PlayerMetrics(Worker[] workers, PromptStore prompts, PromptFolder folder)
    {
        _workers = workers;
        _meter.CreateObservableUpDownCounter("calltracker_player_sides", () => Sum(p => p.ActiveCount), "{side}",
            "Sides of calls that are played to now.");
        _meter.CreateObservableCounter("calltracker_player_plays", () => ByUse((p, use) => p.Started(use)), "{play}",
            "Plays begun, by use.");
        _meter.CreateObservableCounter("calltracker_player_packets", () => ByUse((p, use) => p.Packets(use)),
            "{packet}", "RTP packets played, by use.");
        _meter.CreateObservableCounter("calltracker_player_holds_without_music",
            () => workers.Sum(w => w.Engine.Counters.HoldsWithoutMusic), "{hold}",
            "Times that hold music was wanted and there was no such prompt, or none in the codec.");
        _meter.CreateObservableUpDownCounter("calltracker_prompts", () => prompts.Count, "{prompt}",
            "Prompts that can be played, the built-in tones among them.");
        _meter.CreateObservableUpDownCounter("calltracker_prompt_memory", () => prompts.Bytes, "By",
            "Memory of the prompts from files.");
        _meter.CreateObservableCounter("calltracker_prompt_files_refused", () => folder.Refused, "{file}",
            "Prompt files not used, because they are broken or there is no room.");
    }

    public void Dispose() => _meter.Dispose();

    private long Sum(Func<Player, long> read) => _workers.Sum(w => read(w.Media.Player));

    private IEnumerable<Measurement<long>> ByUse(Func<Player, PlayUse, long> read)
    {
        foreach (var use in Enum.GetValues<PlayUse>())
            yield return new(Sum(p => read(p, use)), new KeyValuePair<string, object?>("use", SnakeCase.Of(use)));
    }
}
