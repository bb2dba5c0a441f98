using System.Diagnostics;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Http;

/// <summary>Many at once, long beside short, and clients that go away.</summary>
public sealed class ConcurrencyHttpTests : IAsyncLifetime
{
    private const string Busy = "SELECT max(sipHash64(number)) FROM numbers(1000000000000)";
    private const string Asleep = "SELECT max(sleepEachRow(0.2)) FROM numbers(1000000) SETTINGS max_block_size = 1";

    /// <summary>All places for reads but one, which looks at the others.</summary>
    private const int BusySelects = ServerLimits.ReadsRunningMax - 1;

    /// <summary>Not the shared one: these tests take all its places.</summary>
    private ClickHouseServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ClickHouseServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Queries_AtOnce_RunAtOnce()
    {
        var clock = Stopwatch.StartNew();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _server.Query("SELECT sleep(1)")));

        clock.ElapsedMilliseconds.ShouldBeLessThan(5000);
    }

    [Fact]
    public async Task Settings_OfQueriesAtOnce_StayApart()
    {
        var values = await Task.WhenAll(Enumerable.Range(1, 40).Select(n => _server.Query(
            "SELECT getSetting('max_block_size'), {n:UInt32}", $"max_block_size={n}&param_n={n}")));

        values.ShouldBe(Enumerable.Range(1, 40).Select(n => $"{n}\t{n}"));
    }

    [Fact]
    public async Task Inserts_BesideLongSelects_GoOn()
    {
        await _server.Query("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a");
        using var gone = new CancellationTokenSource();
        var selects = Enumerable.Range(0, BusySelects).Select(_ => SelectUntilGone(Busy, gone.Token)).ToList();
        await Until.TrueAsync(async () => await Running(Busy) == BusySelects, waitMsMax: 30_000);

        for (var i = 0; i < 10; i++)
            await _server.Query($"INSERT INTO t VALUES ({i})", "max_threads=1");

        await gone.CancelAsync();
        await Task.WhenAll(selects);
        (await _server.Query("SELECT count() FROM t")).ShouldBe("10");
        await Until.TrueAsync(async () => await Running(Busy) == 0);
    }

    [Fact]
    public async Task Queries_BeyondTheQueue_AreRefused()
    {
        using var gone = new CancellationTokenSource();
        // Some more than fit: a probe that comes early takes a place too.
        const int Most = ServerLimits.ReadsRunningMax + ServerLimits.WaitingMax + 10;
        var selects = Enumerable.Range(0, Most).Select(_ => SelectUntilGone(Asleep, gone.Token)).ToList();
        Reply? refused = null;
        await Until.TrueAsync(
            async () =>
            {
                using var impatient = new CancellationTokenSource(500);
                try
                {
                    using var content = new StringContent("SELECT 1");
                    using var response = await _server.Http.PostAsync("/", content, impatient.Token);
                    refused = new Reply(
                        response.StatusCode, response.Headers, null, await response.Content.ReadAsByteArrayAsync());
                    return (int)response.StatusCode == 500;
                }
                catch (OperationCanceledException)
                {
                    return false;
                }
            },
            waitMsMax: 30_000);
        await gone.CancelAsync();
        await Task.WhenAll(selects);

        refused!.ErrorCode.ShouldBe("202");
        refused.Text.ShouldContain("TOO_MANY_SIMULTANEOUS_QUERIES");
        await Until.TrueAsync(async () => await Running(Asleep) == 0);
    }

    [Fact]
    public async Task Select_WhoseClientHasGone_IsCancelled()
    {
        using var gone = new CancellationTokenSource();
        var select = SelectUntilGone(Busy, gone.Token);
        await Until.TrueAsync(async () => await Running(Busy) == 1);

        await gone.CancelAsync();

        await select;
        await Until.TrueAsync(async () => await Running(Busy) == 0, waitMsMax: 3000);
    }

    [Fact]
    public async Task Select_WhoseReaderHasGone_IsCancelled()
    {
        using (var request = new HttpRequestMessage(HttpMethod.Post, _server.Address))
        {
            request.Content = new StringContent("SELECT number FROM numbers(10000000000) FORMAT RowBinary");
            using var response = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await using var body = await response.Content.ReadAsStreamAsync();
            (await body.ReadAsync(new byte[100])).ShouldBeGreaterThan(0);
        }

        await Until.TrueAsync(async () => await Running("SELECT number FROM numbers(10000000000)") == 0);
    }

    private async Task SelectUntilGone(string sql, CancellationToken gone)
    {
        try
        {
            // One that was refused, or waited too long for a place, asks again: the load stays what the test needs.
            while (!gone.IsCancellationRequested)
            {
                using var content = new StringContent(sql);
                using var response = await _server.Http.PostAsync("/?max_threads=1", content, gone);
                await Task.Delay(50, gone);
            }
        }
        catch (OperationCanceledException)
        {
            // This is how the client goes away.
        }
    }

    private async Task<int> Running(string start)
    {
        var reply = await Reply.Post(
            _server, "/", $"SELECT count() FROM system.processes WHERE query LIKE '{start}%'");
        // 202: so many that this one has no place.
        return reply.ErrorCode == "202" ? int.MaxValue : int.Parse(reply.Text);
    }
}
