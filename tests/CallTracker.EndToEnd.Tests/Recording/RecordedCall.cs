using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Sipp;
using CallTracker.TestKit;

namespace CallTracker.EndToEnd.Tests.Recording;

/// <summary>A call of two parties that speak different tones, to a number whose calls are recorded.</summary>
internal sealed class RecordedCall : IAsyncDisposable
{
    public const int CallerHz = 440;
    public const int CalleeHz = 1000;
    private readonly RtpMouth _caller = new(CallerHz);
    private readonly RtpMouth _callee = new(CalleeHz);

    private RecordedCall(Line line) => Line = line;

    public Line Line { get; }
    public SippRun Caller { get; private set; } = null!;
    public SippRun Shop { get; private set; } = null!;

    /// <summary>Packets that caller and callee heard, and those that were left out on the way to either.</summary>
    public (int ByCaller, int ByCallee, int Missing) Heard =>
        (_caller.Heard, _callee.Heard, _caller.Missing + _callee.Missing);

    /// <summary>The only call of a line, once it is in the log with its recording in a state.</summary>
    public static async Task<JsonElement> LoggedAsync(Product product, Line line, string state)
    {
        JsonElement found = default;
        await Wait.UntilAsync($"a recording that is {state}", 30_000, async () =>
        {
            var calls = await product.Http.CallsAsync("din_id=" + line.DinId);
            if (calls.Count != 1) return false;
            found = calls[0];
            return found.GetProperty("recording_state").GetString() == state;
        });
        return found;
    }

    /// <summary>Places the call and returns when both parties speak.</summary>
    public static async Task<RecordedCall> StartAsync(Product product, int talkMs, string sides = "both")
    {
        var line = await product.NewLineAsync();
        await product.Http.WriteAsync(HttpMethod.Patch, "/v1/numbers/" + line.DinId, new { recording = sides });
        await product.ChangeSeenAsync();
        var call = new RecordedCall(line);
        call.Shop = await line.StartShopAsync(Scripts.Answer.Replace(
            "sdp", "sdp port=" + Text(call._callee.Port), StringComparison.Ordinal));
        call.Caller = line.StartCaller(Scripts.ShortTalk
            .Replace("send INVITE", "send INVITE port=" + Text(call._caller.Port), StringComparison.Ordinal)
            .Replace("pause 300", "pause " + Text(talkMs), StringComparison.Ordinal));
        await call.Caller.SeenAsync("\nACK ");
        call._caller.Speak(PortIn(call.Caller.Messages, "SIP/2.0 200"));
        call._callee.Speak(PortIn(call.Shop.Messages, "INVITE sip:"));
        return call;
    }

    public Task SucceedAsync() => SippRun.SucceedAsync([Caller, Shop]);

    public async ValueTask DisposeAsync()
    {
        await _caller.DisposeAsync();
        await _callee.DisposeAsync();
    }

    // Where the node takes the party's voice: the first m= line behind the message's first line.
    private static int PortIn(string messages, string startLine)
    {
        var message = messages[messages.IndexOf(startLine, StringComparison.Ordinal)..];
        return int.Parse(Regex.Match(message, "m=audio ([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
