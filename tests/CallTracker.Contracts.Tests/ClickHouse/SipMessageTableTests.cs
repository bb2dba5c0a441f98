using System.Buffers;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Tracing;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.ClickHouse;

/// <summary>
/// The writer of sip_messages against the real engine: same columns, types and values, and its retention.
/// </summary>
public sealed class SipMessageTableTests : IAsyncLifetime
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
            "SELECT name, type FROM system.columns WHERE database = 'calltracker' AND table = 'sip_messages' "
            + "ORDER BY position FORMAT TSVRaw");
        text.ShouldBe(string.Join('\n', SipMessageTable.Columns.Select(c => $"{c.Name}\t{c.Type}")));
    }

    [Fact]
    public async Task Row_WrittenAndRead_IsTheSame()
    {
        await InsertAsync(1, DateTimeOffset.UtcNow.AddDays(1));
        var text = await _server.Query("SELECT trn_id, time, sequence, operator_id, node_id, direction, attempt, "
            + "transport, local, remote, method, status, cause, missing, hex(message_sealed) "
            + "FROM calltracker.sip_messages FORMAT TSVRaw");
        text.ShouldBe("0123456789abcdef01234567\t2026-11-21 09:00:00.123456\t1\top\tn1\tsent\t2\ttls\t[::1]:5060\t"
            + "192.0.2.1:5061\tINVITE\t0\trequested\t3\t00FF09");
    }

    [Fact]
    public async Task Row_PastItsTime_IsDroppedWithItsDay()
    {
        await InsertAsync(2, DateTimeOffset.UtcNow.AddDays(-3));
        await InsertAsync(3, DateTimeOffset.UtcNow.AddDays(3));
        await _server.Query("OPTIMIZE TABLE calltracker.sip_messages FINAL");
        (await _server.Query("SELECT sequence FROM calltracker.sip_messages")).ShouldBe("3");
    }

    private Task InsertAsync(ulong sequence, DateTimeOffset expires)
    {
        var rows = new ArrayBufferWriter<byte>();
        SipMessageTable.Write(new RowBinaryWriter(rows), new SipMessageRecord
        {
            TrnId = "0123456789abcdef01234567",
            OperatorId = "op",
            NodeId = "n1",
            Sequence = sequence,
            UnixUs = 1_795_219_200_123_456,
            IsSent = true,
            Attempt = 2,
            Transport = "tls",
            Local = "[::1]:5060",
            Remote = "192.0.2.1:5061",
            Method = "INVITE",
            Status = 0,
            Cause = TraceCause.Requested,
            Missing = 3,
            Sealed = [0, 255, 9],
            ExpiresSec = (uint)expires.ToUnixTimeSeconds(),
        });
        return _client.InsertAsync(
            SipMessageTable.Name, SipMessageTable.ColumnList, "RowBinary", rows.WrittenMemory, "t" + sequence);
    }
}
