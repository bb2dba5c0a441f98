using System.Globalization;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Kit;

/// <summary>A tracking number with its shops, and the ways a test calls it. Owned by one test.</summary>
internal sealed class Line(
    Product product, string dinId, IReadOnlyList<string> destinations, IReadOnlyList<int> shopPorts)
{
    private const int RowLimitMs = 10_000;
    private static int CallerCount;

    public string DinId => dinId;
    public IReadOnlyList<string> Destinations => destinations;
    public IReadOnlyList<int> ShopPorts => shopPorts;

    /// <summary>A caller's number that no other call of this run has.</summary>
    public static string NewCaller()
        => string.Create(CultureInfo.InvariantCulture, $"03{10_000_000 + Interlocked.Increment(ref CallerCount):D8}");

    /// <summary>Plays both scripts against each other through the product; both must go as written.</summary>
    public async Task CallAsync(string caller, params string[] shops)
    {
        var running = new List<SippRun>();
        for (var at = 0; at < shops.Length; at++) running.Add(await StartShopAsync(shops[at], at));
        running.Add(StartCaller(caller));
        await SippRun.SucceedAsync(running);
    }

    /// <summary>Starts the called side and waits until it listens.</summary>
    public Task<SippRun> StartShopAsync(string script, int at = 0, int callCount = 1)
        => SippRun.StartShopAsync(product, script, shopPorts[at], callCount);

    /// <summary>Starts the calling side.</summary>
    public SippRun StartCaller(string script, SippCallerOptions? options = null)
        => SippRun.StartCaller(product, script, dinId, options ?? new SippCallerOptions());

    /// <summary>The one row of this line's one call; two rows are an error.</summary>
    public async Task<CallRow> RowAsync() => (await RowsAsync(1)).Single();

    /// <summary>Waits until as many rows are there; more are an error.</summary>
    public async Task<IReadOnlyList<CallRow>> RowsAsync(int count, int limitMs = RowLimitMs)
        => await Wait.ForAsync($"{count} rows of {dinId}", limitMs, async () =>
        {
            var rows = await product.RowsAsync(dinId);
            rows.Count.ShouldBeLessThanOrEqualTo(count, string.Join('\n', rows));
            return rows.Count == count ? rows : null;
        });

    /// <summary>The judge's word on a call, once it has one.</summary>
    public Task<string> VerdictAsync(string trnId) => Wait.ForAsync($"verdict of {trnId}", RowLimitMs, async () =>
    {
        var rows = await product.Http.QueryAsync(
            $"SELECT valid_res FROM calltracker.call_log WHERE trn_id = '{trnId}'");
        var verdict = rows.Count == 0 ? "" : rows[0].GetProperty("valid_res").GetString();
        return verdict is { Length: > 0 } ? verdict : null;
    });
}
