using CallTracker.Backends.Journal;
using CallTracker.Backends.Redis;
using CallTracker.Backends.Shipping;
using CallTracker.Backends.Tests.Support;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Tests.Shipping;

/// <summary>A node's back half for one test: journals, Redis connection, shipper; can die and start again.</summary>
internal sealed class ShippingBench : IAsyncDisposable
{
    private static int _folderCount;
    private readonly ClickHouseFixture _servers;
    private readonly TempFolder _folder = new();
    private readonly int _first = Interlocked.Increment(ref _folderCount) * 1_000_000;
    private int _written;

    public ShippingBench(ClickHouseFixture servers)
    {
        _servers = servers;
        Operator = $"ship{_first}";
    }

    public string Operator { get; }
    public string Folder => _folder.Path;
    public LogSink Log { get; } = new();
    public FaultyHandler Faults { get; } = new();
    public ShipperOptions Options { get; set; } = new() { RetryMsMin = 50, RetryMsMax = 200, RefusedRetryMs = 100 };
    public JournalSet Journals { get; private set; } = null!;
    public RedisConnection Redis { get; private set; } = null!;
    public CallRecordShipper Shipper { get; private set; } = null!;
    public int Written => _written;

    public async Task StartAsync(bool ship = true, int workers = 2)
    {
        var options = TestJournals.Options(_folder, 1024 * 1024);
        Journals = JournalSet.Open(options, workers, TestCalls.Cipher, new SystemClock(), Log);
        Redis = await RedisConnection.ConnectAsync(
            new RedisOptions { Host = "127.0.0.1", Port = _servers.Redis.Port, CommandTimeoutMs = 1000 }, Log);
        Shipper = new CallRecordShipper(Journals, _servers.Client(Faults, timeoutSec: 2), Redis, Options);
        if (ship) Shipper.Start();
    }

    /// <summary>Ends at once, whatever the shipper is doing, as kill -9 would.</summary>
    public async Task DieAsync()
    {
        await Shipper.DisposeAsync();
        Journals.Dispose();
        Redis.Dispose();
    }

    public void WriteCalls(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var journal = Journals.ForWorker(_written % 2);
            var facts = TestCalls.Started(_first + _written, new SystemClock().UnixMs - 1000);
            facts.Route = new Calls.Routing.Route { Number = facts.Called, OperatorId = Operator, Targets = [] };
            journal.Started(facts);
            journal.Answered(facts.Answer(500));
            journal.Ended(facts.End(new SystemClock().UnixMs));
            _written++;
        }
    }

    /// <summary>Rows, different calls, different numbers, smallest and largest number.</summary>
    public async Task<(int Rows, int Calls, int Numbers, ulong First, ulong Last)> CountAsync()
    {
        var text = await _servers.ClickHouse.Query(
            "SELECT count(), uniqExact(trn_id), uniqExact(seq_num), min(seq_num), max(seq_num) " +
            $"FROM calltracker.call_records WHERE operator_id = '{Operator}' FORMAT TSV");
        var values = text.Split('\t');
        var counts = Array.ConvertAll(values, ulong.Parse);
        return ((int)counts[0], (int)counts[1], (int)counts[2], counts[3], counts[4]);
    }

    public Task AllArriveAsync(int withinMs = 20_000) => Eventually.IsTrue(
        async () => (await CountAsync()).Rows >= _written, $"{_written} rows in ClickHouse; log:\n{Log}", withinMs);

    public async ValueTask DisposeAsync()
    {
        await DieAsync();
        _folder.Dispose();
    }
}
