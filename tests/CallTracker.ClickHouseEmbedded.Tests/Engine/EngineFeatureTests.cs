using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Engine;

/// <summary>What the product builds on in ClickHouse works in this engine too.</summary>
public sealed class EngineFeatureTests(SharedServer shared)
{
    [Fact]
    public async Task MaterializedView_IntoAggregating_SumsAndIsNotDoubledByARetry()
    {
        var db = await shared.NewDatabase();
        await Run(
            db,
            "CREATE TABLE ledger (client UInt32, valid Int8, yen Int64) ENGINE = MergeTree ORDER BY client "
            + "SETTINGS non_replicated_deduplication_window = 100",
            "CREATE TABLE daily (client UInt32, n SimpleAggregateFunction(sum, Int64), "
            + "u AggregateFunction(uniq, Int64)) ENGINE = AggregatingMergeTree ORDER BY client "
            + "SETTINGS non_replicated_deduplication_window = 100",
            "CREATE MATERIALIZED VIEW daily_mv TO daily AS SELECT client, sum(toInt64(valid)) AS n, "
            + "uniqState(yen) AS u FROM ledger GROUP BY client");

        for (var i = 0; i < 2; i++)
        {
            await Reply.Post(
                shared.Server,
                $"?database={db}&insert_deduplication_token=one&query=INSERT%20INTO%20ledger%20FORMAT%20CSV",
                "1,1,10\n1,1,20\n2,-1,5\n");
        }

        await Run(db, "INSERT INTO ledger VALUES (1, 1, 10)");
        const string Sums = "SELECT client, sum(n), uniqMerge(u) FROM daily GROUP BY client ORDER BY client";
        (await shared.Server.Query(Sums, $"database={db}")).ShouldBe("1\t3\t2\n2\t-1\t1");
    }

    [Fact]
    public async Task ReplacingMergeTree_Final_KeepsTheLatest()
    {
        var db = await shared.NewDatabase();
        await Run(
            db, "CREATE TABLE r (k UInt8, v String, ver UInt64) ENGINE = ReplacingMergeTree(ver) ORDER BY k",
            "INSERT INTO r VALUES (1, 'old', 1), (2, 'two', 1)", "INSERT INTO r VALUES (1, 'new', 2)",
            "INSERT INTO r VALUES (1, 'older', 0)");

        (await shared.Server.Query("SELECT k, v FROM r FINAL ORDER BY k", $"database={db}")).ShouldBe("1\tnew\n2\ttwo");
    }

    [Fact]
    public async Task Dictionary_OverATable_AnswersWithRanges()
    {
        var db = await shared.NewDatabase();
        await Run(
            db, "CREATE TABLE tariff (band String, since Date, yen UInt32) ENGINE = MergeTree ORDER BY band",
            "INSERT INTO tariff VALUES ('0120', '2026-01-01', 10), "
            + "('0120', '2026-07-01', 12), ('050', '2026-01-01', 8)",
            "CREATE DICTIONARY prices (band String, since Date, until Date DEFAULT '2100-01-01', yen UInt32) "
            + "PRIMARY KEY band SOURCE(CLICKHOUSE(QUERY 'SELECT band, since, toDate(''2100-01-01'') AS until, yen "
            + $"FROM {db}.tariff')) "
            + "LAYOUT(COMPLEX_KEY_RANGE_HASHED(range_lookup_strategy 'max')) RANGE(MIN since MAX until) LIFETIME(0)");

        (await shared.Server.Query(
            "SELECT dictGet('prices', 'yen', tuple('0120'), toDate('2026-03-01')), "
            + "dictGet('prices', 'yen', tuple('0120'), toDate('2026-09-01'))", $"database={db}")).ShouldBe("10\t12");
    }

    [Theory]
    [InlineData(
        "SELECT groupArray(gap) FROM (SELECT t - lagInFrame(t, 1, t) OVER (PARTITION BY k ORDER BY t) AS gap "
        + "FROM (SELECT 1 AS k, arrayJoin([1, 4, 9]) AS t))", "[0,3,5]")]
    [InlineData("SELECT arrayFold((acc, x) -> acc * 2 + x, [1, 0, 1], 0::Int64)", "5")]
    [InlineData(
        "SELECT toTypeName(CAST('busy' AS Enum8('normal' = 1, 'busy' = 2))), "
        + "CAST(2 AS Enum8('normal' = 1, 'busy' = 2))",
        "Enum8(\\'normal\\' = 1, \\'busy\\' = 2)\tbusy")]
    [InlineData("SELECT toDateTime64('2026-11-21 09:00:00.123', 3, 'Asia/Tokyo')::DateTime64(6, 'UTC')",
        "2026-11-21 00:00:00.123000")]
    [InlineData("SELECT hex(SHA256('a')) LIKE 'CA978112%', sipHash64Keyed((1::UInt64, 2::UInt64), 'x') != 0", "1\t1")]
    public async Task Function_OfTheModel_Works(string sql, string result)
    {
        (await shared.Server.Query(sql)).ShouldBe(result);
    }

    [Fact]
    public async Task ColumnTypes_OfTheModel_RoundTrip()
    {
        var db = await shared.NewDatabase();
        await Run(
            db,
            "CREATE TABLE c (trn FixedString(4), din LowCardinality(String), tst Nullable(DateTime64(3, 'UTC')), "
            + "stat Enum8('none' = 0, 'normal' = 1), params Map(LowCardinality(String), String), "
            + "seq UInt64 CODEC(Delta, ZSTD(1)), "
            + "PROJECTION by_din (SELECT din, trn ORDER BY din)) "
            + "ENGINE = ReplacingMergeTree(seq) PARTITION BY toYYYYMM(ifNull(tst, toDateTime64(0, 3))) ORDER BY trn "
            + "TTL toDateTime(ifNull(tst, toDateTime64(4000000000, 3))) + INTERVAL 25 MONTH DELETE "
            + "SETTINGS deduplicate_merge_projection_mode = 'rebuild', ttl_only_drop_parts = 1");
        const string Rows =
            """
            {"trn":"AAAA","din":"0120","tst":null,"stat":"none","params":{"gclid":"x"},"seq":1}
            {"trn":"BBBB","din":"050","tst":"2026-11-21 09:00:00.123","stat":"normal","params":{},"seq":2}
            """;

        await Reply.Post(shared.Server, $"?database={db}&query=INSERT%20INTO%20c%20FORMAT%20JSONEachRow", Rows);

        (await shared.Server.Query("SELECT * FROM c ORDER BY trn FORMAT JSONEachRow", $"database={db}"))
            .ShouldBe(Rows);
    }

    [Fact]
    public async Task MutationsAndTtl_OnATable_Work()
    {
        var db = await shared.NewDatabase();
        await Run(
            db, "CREATE TABLE m (a UInt8, b String) ENGINE = MergeTree ORDER BY a",
            "INSERT INTO m VALUES (1, 'x'), (2, 'y')",
            "ALTER TABLE m UPDATE b = 'z' WHERE a = 1 SETTINGS mutations_sync = 1", "DELETE FROM m WHERE a = 2",
            "ALTER TABLE m ADD COLUMN c UInt8 DEFAULT 5", "OPTIMIZE TABLE m FINAL", "CREATE VIEW v AS SELECT * FROM m",
            "CREATE OR REPLACE FUNCTION plus_one AS x -> x + 1");

        (await shared.Server.Query("SELECT a, b, c, plus_one(c) FROM v", $"database={db}")).ShouldBe("1\tz\t5\t6");
    }

    private async Task Run(string database, params string[] statements)
    {
        foreach (var statement in statements)
            await shared.Server.Query(statement, $"database={database}");
    }
}
