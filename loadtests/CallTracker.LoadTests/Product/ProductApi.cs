using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace CallTracker.LoadTests.Product;

/// <summary>Provisions what a load test calls, and reads the call log by the API and from ClickHouse.</summary>
internal sealed class ProductApi : IDisposable
{
    /// <summary>The tracking number that every load test calls.</summary>
    public const string Number = "05000000951";
    /// <summary>Another number, with a caller and a shop of its own, for calls beside those.</summary>
    public const string SecondNumber = "05000000952";
    private const string Columns =
        "trn_id,clr_id_cipher,dial_stat,talking_sec,in_packets,in_relayed,in_lost,in_jitter_us,out_packets,"
        + "out_relayed,out_lost,out_jitter_us,recovered,media_mode";
    private readonly ProductRun _product;
    private readonly HttpClient _http;
    private readonly HttpClient _clickHouse;

    public ProductApi(ProductRun product)
    {
        _product = product;
        _clickHouse = new HttpClient { BaseAddress = product.ClickHouse, Timeout = TimeSpan.FromSeconds(60) };
        _http = new HttpClient { BaseAddress = product.Api, Timeout = TimeSpan.FromSeconds(60) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", product.Key);
    }

    /// <summary>A client without the key, for addresses that need none.</summary>
    public HttpClient Plain => _clickHouse;

    /// <param name="media">The trunks' media setting, anchored or direct.</param>
    public async Task ProvisionAsync(string media)
    {
        var source = $"{_product.Caller}";
        await PostAsync("v1/advertisers", new { client_id = "load", client_name = "load" });
        await PostTrunkAsync("load-carrier", source, [], [source], media);
        await PostTrunkAsync("load-shop", $"{_product.Shop}", ["0399"], [], media);
        await PostNumberAsync(Number, "0399990951");
        var second = $"{_product.SecondCaller}";
        await PostTrunkAsync("load-carrier-2", second, [], [second], media);
        await PostTrunkAsync("load-shop-2", $"{_product.SecondShop}", ["0398"], [], media);
        await PostNumberAsync(SecondNumber, "0398990952");
    }

    /// <summary>Waits until the log has so many rows; what it has then, and how many distinct.</summary>
    public async Task<(long Rows, long Distinct)> AwaitRowsAsync(long wanted, TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var counts = await CountAsync();
            if (counts.Rows >= wanted || watch.Elapsed > limit) return counts;
            await Task.Delay(100);
        }
    }

    /// <summary>Waits until the log has stopped growing for a while.</summary>
    public async Task<(long Rows, long Distinct)> AwaitQuietAsync(TimeSpan quiet, TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        var seen = await CountAsync();
        var since = watch.Elapsed;
        while (watch.Elapsed - since < quiet && watch.Elapsed < limit)
        {
            await Task.Delay(250);
            var now = await CountAsync();
            if (now.Rows != seen.Rows) since = watch.Elapsed;
            seen = now;
        }
        return seen;
    }

    /// <summary>The calls to the number that the log says were answered.</summary>
    public async Task<long> CountAnsweredAsync()
    {
        var cells = await QueryAsync(
            $"SELECT count() FROM calltracker.call_log WHERE din_id = '{Number}' AND dial_stat = 'normal'");
        return long.Parse(cells[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Media sessions that the node's calls hold now, of its metrics.</summary>
    public async Task<int> RelaySessionsAsync()
    {
        const string Name = "calltracker_relay_sessions ";
        var text = await _clickHouse.GetStringAsync(_product.Metrics);
        var line = text.Split('\n').First(line => line.StartsWith(Name, StringComparison.Ordinal));
        return int.Parse(line[Name.Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>The rows of the called number, by the API.</summary>
    public async Task<List<CallRow>> ReadRowsAsync()
    {
        var rows = new List<CallRow>();
        using var answer = await _http.GetAsync(
            new Uri($"v1/calls?format=ndjson&limit=100000&din_id={Number}&columns={Columns}", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead);
        await ThrowUnlessGoodAsync(answer, "v1/calls");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length > 0 && JsonSerializer.Deserialize<CallRow>(line) is { } row) rows.Add(row);
        }
        return rows;
    }

    public void Dispose()
    {
        _http.Dispose();
        _clickHouse.Dispose();
    }

    private async Task<(long Rows, long Distinct)> CountAsync()
    {
        try
        {
            var cells = await QueryAsync(
                $"SELECT count(), uniqExact(trn_id) FROM calltracker.call_log WHERE din_id = '{Number}'");
            var counts = Array.ConvertAll(cells, cell => long.Parse(cell, CultureInfo.InvariantCulture));
            return (counts[0], counts[1]);
        }
        catch (HttpRequestException)
        {
            // It may be stopped on purpose just now.
            return (0, 0);
        }
    }

    // One line, by its tabs.
    private async Task<string[]> QueryAsync(string sql)
    {
        using var content = new StringContent(sql);
        using var answer = await _clickHouse.PostAsync(_product.ClickHouse, content);
        await ThrowUnlessGoodAsync(answer, "ClickHouse");
        return (await answer.Content.ReadAsStringAsync()).Trim().Split('\t');
    }

    private Task PostNumberAsync(string number, string target) => PostAsync("v1/numbers", new
    {
        din_id = number,
        client_id = "load",
        dialin_name = "load",
        destinations = new[] { new { fwd_id = target, ring_sec = 30 } },
    });

    private Task PostTrunkAsync(string id, string address, string[] prefixes, string[] inbound, string media) =>
        PostAsync("v1/trunks", new
        {
            trunk_id = id,
            name = id,
            address,
            prefixes,
            inbound_from = inbound,
            probe_sec = 0,
            media,
        });

    private async Task PostAsync(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        if (answer.StatusCode != HttpStatusCode.Conflict) await ThrowUnlessGoodAsync(answer, path);
    }

    private static async Task ThrowUnlessGoodAsync(HttpResponseMessage answer, string what)
    {
        if (answer.IsSuccessStatusCode) return;
        throw new LoadTestException($"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
