using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using CallTracker.Media.Quality;
using CallTracker.Media.Relay;
using CallTracker.Node.Hosting;
using CallTracker.Node.Workers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Hosting;

/// <summary>/calls/{trn_id}/quality without a node behind it.</summary>
public sealed class QualityEndpointTests
{
    private const string Id = "65920080000000010000002A";
    private static readonly MediaQuality s_quality =
        new(1500, 4000, 2, 35, 20, 30_500, 31_000, 40_000, 4.4092, 3, 8, 4, 0);

    [Fact]
    public async Task Call_InProgress_IsToldWithTheNamesOfTheRecord()
    {
        var endpoint = Make((_, _) => Task.FromResult<RunningMedia?>(Media(100)));
        var (status, body) = await GetAsync(endpoint, "");
        status.ShouldBe(200);
        using var json = JsonDocument.Parse(body);
        json.RootElement.GetProperty("trn_id").GetString().ShouldBe(Id);
        json.RootElement.GetProperty("answered_at").GetDateTimeOffset().ToUnixTimeMilliseconds()
            .ShouldBe(1_795_000_000_000);
        var side = json.RootElement.GetProperty("inbound");
        side.GetProperty("packets").GetInt32().ShouldBe(100);
        (side.GetProperty("mos").GetDouble(), side.GetProperty("loss_ratio").GetDouble()).ShouldBe((4.41, 0.05));
        (side.GetProperty("rtt_us").GetInt32(), side.GetProperty("first_packet_ms").GetInt32()).ShouldBe((30_500, 35));
        (side.GetProperty("jitter_us").GetInt32(), side.GetProperty("jitter_max_us").GetInt32()).ShouldBe((700, 4000));
        side.GetProperty("second_packets").ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement.GetProperty("outbound").GetProperty("mos").ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement.GetProperty("outbound").GetProperty("rtt_us").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Stream_OfACallThatEnds_HasALineASecondAndEnds()
    {
        var answers = new Queue<RunningMedia?>([Media(100), Media(150), null]);
        var (status, body) = await GetAsync(
            Make((_, _) => Task.FromResult(answers.Dequeue())), "?seconds=60");
        status.ShouldBe(200);
        var lines = body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        using var second = JsonDocument.Parse(lines[1]);
        second.RootElement.GetProperty("inbound").GetProperty("second_packets").GetInt32().ShouldBe(50);
        second.RootElement.GetProperty("inbound").GetProperty("second_lost").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("?seconds=0", 400)]
    [InlineData("?seconds=3601", 400)]
    [InlineData("?seconds=ten", 400)]
    [InlineData("", 404)]
    public async Task Question_ThatHasNoAnswer_IsRefused(string query, int expected)
    {
        var endpoint = Make((_, _) => Task.FromResult<RunningMedia?>(null));
        (await GetAsync(endpoint, query)).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task Streams_BeyondTheirNumber_AreRefusedAndAFreedPlaceServesAgain()
    {
        var gate = new TaskCompletionSource<RunningMedia?>();
        var asked = new ConcurrentDictionary<string, bool>();
        // The first question of a stream is answered at once, its second when the gate opens.
        var endpoint = Make((id, _) =>
            asked.TryAdd(id, true) ? Task.FromResult<RunningMedia?>(Media(1)) : gate.Task);
        var streams = new List<Task>();
        for (var i = 0; i < QualityEndpoint.StreamsMax; i++) streams.Add(GetAsync(endpoint, "?seconds=9", $"call {i}"));
        (await GetAsync(endpoint, "?seconds=1", "one more")).Status.ShouldBe(503);
        (await GetAsync(endpoint, "", "no stream")).Status.ShouldBe(200);
        gate.SetResult(null);
        await Task.WhenAll(streams);
        (await GetAsync(endpoint, "?seconds=1", "later")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("", 200, 100)]
    [InlineData("?limit=7", 200, 7)]
    [InlineData("?limit=1001", 400, 0)]
    public async Task List_OfCalls_AsksForItsLimit(string query, int expected, int asked)
    {
        var limits = new List<int>();
        var endpoint = new QualityEndpoint((_, _) => Task.FromResult<RunningMedia?>(null), (limit, _) =>
        {
            limits.Add(limit);
            return Task.FromResult<List<RunningMedia>>([Media(5)]);
        });
        var (status, body) = await RunAsync(query, context => endpoint.ListAsync(context, CancellationToken.None));
        status.ShouldBe(expected);
        limits.ShouldBe(asked == 0 ? [] : [asked]);
        if (asked > 0) body.ShouldStartWith($"[{{\"trn_id\":\"{Id}\"");
    }

    [Theory]
    [InlineData(Id, 1, true, 0)]
    [InlineData("659200800000000103000001", 4, true, 3)]
    [InlineData("659200800000000104000001", 4, false, 4)]
    [InlineData("6592008000000001zz000001", 4, false, 0)]
    [InlineData("65920080", 4, false, -1)]
    [InlineData("6592008000000001 1000001", 4, false, -1)]
    public void Worker_OfACall_IsThatOfItsId(string id, int workers, bool isFound, int expected)
    {
        MediaQuery.TryFindWorker(id, workers, out var number).ShouldBe(isFound);
        number.ShouldBe(expected);
    }

    private static QualityEndpoint Make(Func<string, CancellationToken, Task<RunningMedia?>> read) =>
        new(read, (_, _) => Task.FromResult(new List<RunningMedia>()));

    private static RunningMedia Media(ulong packets) => new(
        Id, 1_795_000_002_000, 1_795_000_000_000,
        new MediaTotals(packets, 0, 100, 5, 1, 0, 700, 90, 0, 0, packets, 0, 0, 0, 0, default, s_quality),
        new MediaTotals(0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 0, 0, 0, 0, 0, default,
            s_quality with
            {
                Mos = 0,
                RoundTripUs = -1,
                RoundTripUsLast = -1,
                RoundTripUsMax = -1,
                FirstPacketMs = -1,
            }));

    private static Task<(int Status, string Body)> GetAsync(QualityEndpoint endpoint, string query, string id = Id) =>
        RunAsync(query, context => endpoint.GetAsync(context, id));

    private static async Task<(int Status, string Body)> RunAsync(string query, Func<HttpContext, Task<IResult>> handle)
    {
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.QueryString = new QueryString(query);
        context.Response.Body = body;
        var result = await handle(context);
        await result.ExecuteAsync(context);
        return (context.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()));
    }
}
