using System.Buffers;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Recordings;
using CallTracker.TestKit.Servers;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.Recordings;

/// <summary>The writer of recordings against the real engine, and what the call log makes of the rows.</summary>
public sealed class RecordingTableTests : IAsyncLifetime
{
    private const long DinMs = 1_795_000_000_123;
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
            "SELECT name, type FROM system.columns WHERE database = 'calltracker' AND table = 'recordings' " +
            "AND default_kind = '' ORDER BY position FORMAT TSVRaw");
        text.ShouldBe(string.Join('\n', RecordingTable.Columns.Select(c => $"{c.Name}\t{c.Type}")));
    }

    [Fact]
    public async Task CallLog_SaysOfEachCall_WhatItsRecordingCameTo()
    {
        await CallAsync('A', RecordingSetting.Off);
        await CallAsync('B', RecordingSetting.Both);
        await CallAsync('C', RecordingSetting.Failed);
        await CallAsync('D', RecordingSetting.Both);
        await CallAsync('E', RecordingSetting.Caller);
        await RecordAsync('D', RecordingState.Partial, version: 5);
        await RecordAsync('E', RecordingState.Interrupted, version: 5);
        // Deleted later; the node's row comes once more after that, and changes nothing.
        await RecordAsync('E', RecordingState.Deleted, version: 9);
        await RecordAsync('E', RecordingState.Interrupted, version: 5, token: "again");

        var text = await _server.Query(
            "SELECT trn_id, recording_id, recording_state, recording_faults, recording_sec, recording_in_lost_ms, "
            + "recording_out_lost_ms, recording_sha256, recording_paused_ms, recording_consent_ms "
            + "FROM calltracker.call_log ORDER BY trn_id FORMAT TSVRaw");
        text.Split('\n').ShouldBe(
        [
            $"{Id('A')}\t\t\t\t0\t0\t0\t\t0\t\\N",
            $"{Id('B')}\t{Id('B')}\tpending\t\t0\t0\t0\t\t0\t\\N",
            $"{Id('C')}\t{Id('C')}\tfailed\t\t0\t0\t0\t\t0\t\\N",
            $"{Id('D')}\t{Id('D')}\tpartial\toverflow disk\t63\t40\t60\t0102\t2500\t1000",
            $"{Id('E')}\t{Id('E')}\tdeleted\toverflow disk\t63\t40\t60\t0102\t2500\t1000",
        ]);
    }

    private static string Id(char letter) => new(letter, 24);

    private async Task CallAsync(char letter, RecordingSetting recording)
    {
        var rows = new ArrayBufferWriter<byte>();
        CallRecordTable.Write(new RowBinaryWriter(rows), new CallRecord
        {
            TrnId = Id(letter),
            NodeId = "n",
            OperatorId = "o",
            ClientId = "c",
            DinId = "0120",
            DinMs = DinMs,
            Recording = recording,
        });
        await _client.InsertAsync(
            CallRecordTable.Name, CallRecordTable.ColumnList, "RowBinary", rows.WrittenMemory, "call" + letter);
    }

    private async Task RecordAsync(char letter, RecordingState state, ulong version, string token = "")
    {
        var record = new RecordingRecord
        {
            TrnId = Id(letter),
            OperatorId = "o",
            ClientId = "c",
            DinMs = DinMs,
            NodeId = "n",
            StartMs = DinMs,
            Sides = RecordingSetting.Both,
            Summary = new RecordingSummary
            {
                State = state,
                Faults = RecordingFault.Overflow | RecordingFault.Disk,
                DurationMs = 62_501,
                CallerLostMs = 40,
                CalleeLostMs = 60,
                PausedMs = 2500,
                ConsentMs = 1001,
                Hash = [1, 2],
            },
            Version = version,
        };
        var rows = new ArrayBufferWriter<byte>();
        RecordingTable.Write(new RowBinaryWriter(rows), record);
        await _client.InsertAsync(
            RecordingTable.Name, RecordingTable.ColumnList, "RowBinary", rows.WrittenMemory,
            RecordingTable.TokenOf(record) + token);
    }
}
