using System.Buffers;
using System.Globalization;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Recordings;
using CallTracker.ControlPlane.Calls;

namespace CallTracker.ControlPlane.Recordings;

/// <summary>
/// Recordings as the control plane sees them: their files, which nodes write, and their rows in ClickHouse. The key is
/// read on first use. Any thread.
/// </summary>
internal sealed class RecordingStore(
    RecordingShelf shelf, string keyFile, ClickHouseClient clickHouse, TimeProvider clock)
{
    private readonly Lazy<RecordingKeys> _keys = new(() => RecordingKeys.OpenOrCreate(keyFile));

    /// <summary>True when finished recordings go to an S3-compatible store.</summary>
    public bool HasStore => shelf.HasStore;

    /// <summary>
    /// A recording's file, also of a call that is up; null when there is none, or it is another operator's or was
    /// altered.
    /// </summary>
    public RecordingFile? TryOpen(string operatorId, string trnId) =>
        shelf.TryOpen(trnId) is { } stream ? Open(stream, operatorId, trnId) : null;

    /// <summary>The same of one that lies in the store by now; its call is known to be the asker's.</summary>
    /// <exception cref="RecordingBucketException">The store fails.</exception>
    public async Task<RecordingFile?> FetchAsync(string operatorId, string trnId, CancellationToken ct) =>
        await shelf.FetchAsync(trnId, ct) is { } stream ? Open(stream, operatorId, trnId) : null;

    /// <summary>The record of a call; null when this operator has none with this id.</summary>
    public async Task<RecordedCallRow?> FindCallAsync(string operatorId, string trnId, CancellationToken ct)
    {
        var parameters = new SqlParameters();
        var sql = "SELECT client_id, toUnixTimestamp64Milli(din_tms) AS din_tms, toString(recording) AS recording "
            + $"FROM call_records WHERE operator_id = {parameters.Text(operatorId)} "
            + $"AND trn_id = {parameters.Id(trnId)} LIMIT 1";
        var rows = clickHouse.QueryAsync(sql, RecordingJson.Default.RecordedCallRow, parameters.Values, ct);
        await foreach (var row in rows) return row;
        return null;
    }

    /// <summary>What the call's recording came to; empty while nothing is known.</summary>
    public async Task<string> StateOfAsync(
        string operatorId, RecordedCallRow call, string trnId, CancellationToken ct)
    {
        var parameters = new SqlParameters();
        var sql = "SELECT toString(state) AS state FROM recordings FINAL "
            + $"WHERE operator_id = {parameters.Text(operatorId)} AND client_id = {parameters.Text(call.ClientId)} "
            + $"AND din_tms = {parameters.Time(call.DinTms)} AND trn_id = {parameters.Id(trnId)} LIMIT 1";
        var rows = clickHouse.QueryAsync(sql, RecordingJson.Default.RecordingStateRow, parameters.Values, ct);
        await foreach (var row in rows) return row.State;
        return "";
    }

    /// <summary>Recordings whose days are over, of all operators, at most so many.</summary>
    public async Task<IReadOnlyList<ExpiredRecordingRow>> FindExpiredAsync(int countMax, CancellationToken ct)
    {
        var parameters = new SqlParameters();
        var now = parameters.Time(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var sql = "SELECT operator_id, client_id, toString(trn_id) AS trn_id, "
            + "toUnixTimestamp64Milli(din_tms) AS din_ms FROM recordings FINAL "
            + "WHERE keep_days > 0 AND state IN ('complete', 'interrupted', 'partial') "
            + $"AND addDays(din_tms, keep_days) < {now} "
            + string.Create(CultureInfo.InvariantCulture, $"LIMIT {countMax}");
        var found = new List<ExpiredRecordingRow>();
        var rows = clickHouse.QueryAsync(sql, RecordingJson.Default.ExpiredRecordingRow, parameters.Values, ct);
        await foreach (var row in rows) found.Add(row);
        return found;
    }

    /// <summary>
    /// Deletes the file, with it the only key that could open a copy of it, then notes that it is gone. False while it
    /// is being written.
    /// </summary>
    public async Task<bool> TryDeleteAsync(
        string operatorId, string trnId, RecordedCallRow call, CancellationToken ct)
    {
        if (!await shelf.TryDeleteAsync(trnId, ct)) return false;
        var record = new RecordingRecord
        {
            TrnId = trnId,
            OperatorId = operatorId,
            ClientId = call.ClientId,
            DinMs = call.DinTms,
            Summary = new RecordingSummary { State = RecordingState.Deleted },
            Version = (ulong)clock.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        var rows = new ArrayBufferWriter<byte>();
        RecordingTable.Write(new RowBinaryWriter(rows), record);
        await clickHouse.InsertAsync(
            RecordingTable.Name, RecordingTable.ColumnList, "RowBinary", rows.WrittenMemory,
            RecordingTable.TokenOf(record), ct);
        return true;
    }

    private RecordingFile? Open(FileStream stream, string operatorId, string trnId)
    {
        var file = RecordingFile.TryOpen(stream, _keys.Value);
        if (file is null || (file.Header.OperatorId == operatorId && file.Header.TrnId == trnId)) return file;
        file.Dispose();
        return null;
    }
}
