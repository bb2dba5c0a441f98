using System.Buffers;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Numbers;
using CallTracker.Contracts.Recordings;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.ClickHouse;

/// <summary>
/// The writer of call_records against the real engine: same columns, same types, same order, same values.
/// </summary>
public sealed class CallRecordTableTests : IAsyncLifetime
{
    private ClickHouseServer _server = null!;
    private ClickHouseClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ClickHouseServer.StartAsync();
        _client = new ClickHouseClient(new HttpClient(), new ClickHouseOptions { Address = _server.Address });
        await ClickHouseSchema.ApplyAsync(_client);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Columns_OfTheWriter_AreThoseOfTheTable()
    {
        var text = await _server.Query(
            "SELECT name, type FROM system.columns WHERE database = 'calltracker' AND table = 'call_records' " +
            "AND default_kind = '' ORDER BY position FORMAT TSVRaw");
        var expected = string.Join('\n', CallRecordTable.Columns.Select(c => $"{c.Name}\t{c.Type}"));
        text.ShouldBe(expected);
    }

    [Fact]
    public async Task Schema_AppliedTwice_ChangesNothing() => await ClickHouseSchema.ApplyAsync(_client);

    [Fact]
    public async Task Rows_WrittenAndRead_AreTheSame()
    {
        var record = Sample('A');
        await InsertAsync("t1", record, new CallRecord { TrnId = new string('B', 24), NodeId = "n", DinId = "0120" });
        var read = await _server.Query(
            "SELECT * EXCEPT(ingested_at) FROM calltracker.call_records ORDER BY trn_id FORMAT TSV");
        var lines = read.Split('\n');
        lines.Length.ShouldBe(2);
        var values = lines[0].Split('\t');
        string Value(string name) => values[CallRecordTable.Columns.ToList().FindIndex(c => c.Name == name)];
        Value("trn_id").ShouldBe(record.TrnId);
        Value("client_name").ShouldBe("広告主\\'\\\\");
        Value("seq_num").ShouldBe("18446744073709551615");
        Value("din_tms").ShouldBe("2026-11-21 09:00:00.123");
        Value("tst_tms").ShouldBe("2026-11-21 09:00:05.000");
        Value("talking_sec").ShouldBe("61");
        Value("calling_sec").ShouldBe("4");
        Value("dial_stat").ShouldBe("normal");
        Value("clr_type").ShouldBe("mobile");
        Value("hup_usr").ShouldBe("callee");
        Value("in_jitter_us").ShouldBe("4");
        Value("out_dropped").ShouldBe("12");
        Value("attempt_fwd_id").ShouldBe("['0311112222','0333334444']");
        Value("attempt_ring_ms").ShouldBe("[20000,4000]");
        Value("attempt_trunk").ShouldBe("['t1','']");
        Value("recovered").ShouldBe("1");
        (Value("verstat"), Value("attest"), Value("stir_code")).ShouldBe(("TN-Validation-Failed", "", "438"));
        (Value("in_reordered"), Value("in_gaps"), Value("out_silence_ms")).ShouldBe(("1", "5", "19"));
        (Value("in_first_packet_ms"), Value("in_rtt_us"), Value("in_mos")).ShouldBe(("0", "\\N", "\\N"));
        (Value("out_first_packet_ms"), Value("out_rtt_us"), Value("out_mos")).ShouldBe(("170", "1800", "4.41"));
        Value("media_fault").ShouldBe("callee_silent");
        Value("recording").ShouldBe("callee");
        Value("media_mode").ShouldBe("direct");
        lines[1].Split('\t')[13].ShouldBe("\\N");
        lines[1].Split('\t')[CallRecordTable.Columns.ToList().FindIndex(c => c.Name == "in_first_packet_ms")]
            .ShouldBe("\\N", "no packet came");
    }

    [Fact]
    public async Task Insert_TheSameTokenTwice_AddsTheRowsOnce()
    {
        await InsertAsync("same", Sample('C'));
        await InsertAsync("same", Sample('C'));
        (await CountAsync()).ShouldBe("1");
        await InsertAsync("other", Sample('C'));
        (await CountAsync()).ShouldBe("2");
    }

    [Fact]
    public async Task Query_ParametersAndRows_SurviveTheEngine()
    {
        const string Odd = "tab\tquote'back\\slash\nline 日本";
        var rows = new List<TestRow>();
        var parameters = new Dictionary<string, string> { ["p"] = Odd, ["n"] = "3" };
        const string Sql = "SELECT {p:String} AS a, number AS b FROM numbers({n:UInt64})";
        await foreach (var row in _client.QueryAsync(Sql, TestRowJson.Default.TestRow, parameters)) rows.Add(row);
        rows.ShouldBe([new TestRow(Odd, 0), new TestRow(Odd, 1), new TestRow(Odd, 2)]);
    }

    [Fact]
    public async Task Query_FailingInMidStream_Throws()
    {
        var rows = 0;
        var e = await Should.ThrowAsync<ClickHouseException>(async () =>
        {
            await foreach (var _ in _client.QueryAsync(
                "SELECT toString(number) AS a, throwIf(number = 3000000) + number AS b FROM numbers(4000000)",
                TestRowJson.Default.TestRow)) rows++;
        });
        // A server names its exception behind a marker; the embedded engine breaks the connection.
        e.Code.ShouldBeOneOf(0, 395);
        rows.ShouldBeLessThan(3_000_001);
    }

    [Fact]
    public async Task Execute_AgainstAMissingTable_NamesTheCode()
    {
        var e = await Should.ThrowAsync<ClickHouseException>(() => _client.ExecuteAsync("SELECT * FROM nothing_here"));
        (e.Code, e.IsTransient).ShouldBe((60, false));
    }

    private Task<string> CountAsync() =>
        _server.Query("SELECT count() FROM calltracker.call_records WHERE trn_id LIKE 'C%'");

    private Task InsertAsync(string token, params CallRecord[] records)
    {
        var rows = new ArrayBufferWriter<byte>();
        var writer = new RowBinaryWriter(rows);
        foreach (var record in records) CallRecordTable.Write(writer, record);
        return _client.InsertAsync(
            CallRecordTable.Name, CallRecordTable.ColumnList, "RowBinary", rows.WrittenMemory, token);
    }

    private static CallRecord Sample(char id) => new()
    {
        TrnId = new string(id, 24),
        NodeId = "node1",
        OperatorId = "op1",
        SeqNum = ulong.MaxValue,
        DinId = "0120123456",
        ClientId = "c1",
        ClientName = "広告主'\\",
        DialinId = "d1",
        DialinName = new string('名', 100),
        FwdId = "0333334444",
        ClrIdCipher = "c2VhbGVk",
        CallerKey = 7,
        DinMs = 1_795_219_200_123,
        FwdMs = 1_795_219_201_000,
        TstMs = 1_795_219_205_000,
        EocMs = 1_795_219_266_999,
        DialStat = DialStatus.Normal,
        ClrType = TerminalKind.Mobile,
        FwdType = TerminalKind.Fixed,
        HupUsr = HangupSide.Callee,
        SipCode = 200,
        EndReason = "bye",
        CallId = "id",
        TrunkIn = "in",
        TrunkOut = "out",
        RouteVersion = 9,
        InboundMedia = new MediaFigures(1, 2, 3, 4, 5, 6, new(1, 2, 3, 4, 5, 6, 0, 0, 9, 0)),
        OutboundMedia = new MediaFigures(7, 8, 9, 10, 11, 12, new(11, 12, 13, 14, 15, 16, 170, 1800, 19, 441)),
        Attempts = [new CallAttempt("0311112222", 480, 20_000, "t1"), new CallAttempt("0333334444", 200, 4_000, "")],
        Recovered = true,
        Verstat = "TN-Validation-Failed",
        StirCode = 438,
        MediaFault = "callee_silent",
        Recording = RecordingSetting.Callee,
        MediaMode = "direct",
    };
}
