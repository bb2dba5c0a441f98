using System.Buffers;
using System.Security.Cryptography;
using CallTracker.Contracts.ClickHouse;
using CallTracker.ControlPlane.Calls.Live;

namespace CallTracker.ControlPlane.Judgement;

/// <summary>
/// Appends judged calls to the ledger: gives them positions, works out the signed columns, and inserts them in one
/// block with a token made of their content. An insert whose fate is unknown is sent again, unchanged, before
/// anything else is judged: so it counts once, whatever became of it. Owned by the judge.
/// </summary>
internal sealed class LedgerWriter(
    ClickHouseClient clickHouse, CallFeed feed, VerdictTables tables, LedgerSignal signal)
{
    /// <summary>Rows of one insert: one block for ClickHouse, so that it is visible as a whole.</summary>
    public const int RowsPerInsertMax = 50_000;

    private const string Columns =
        "position, event, operator_id, client_id, din_id, dialin_id, caller_key, din_tms, trn_id, "
        + "is_answered, talking_sec, ingested_at, verdict, reason, duplicate_of, rule_version, revision, "
        + "d_calls, d_valid, d_duplicate, d_short";

    private ulong? _position;
    private LedgerInsert? _unsettled;

    /// <summary>Forgets all: another process judges and writes now.</summary>
    public void Abandon() => (_position, _unsettled) = (null, null);

    /// <summary>
    /// Settles what an earlier round left open, so that the verdicts in force are those of the ledger. Costs nothing
    /// when the last round ended well.
    /// </summary>
    public async Task SettleAsync(CancellationToken ct)
    {
        if (_unsettled is { } insert) await SendAsync(insert, ct);
        if (_position is not null) return;
        var position = await feed.LastPositionAsync(ct);
        await tables.CopyAsync(position - Math.Min(position, RowsPerInsertMax), position, ct);
        _position = position;
    }

    /// <summary>
    /// Appends all rows. Changes of older calls go first: should we die between two inserts, the new calls are still
    /// new and bring the same changes about again.
    /// </summary>
    public async Task AppendAsync(IReadOnlyList<JudgedCall> calls, CancellationToken ct)
    {
        if (calls.Count == 0) return;
        await SettleAsync(ct);
        var ordered = calls.OrderBy(c => c.Revision == 1).ThenBy(c => c.DinMs)
            .ThenBy(c => c.TrnId, StringComparer.Ordinal);
        foreach (var rows in ordered.Chunk(RowsPerInsertMax)) await SendAsync(Prepare(rows), ct);
        signal.Set();
    }

    private LedgerInsert Prepare(JudgedCall[] rows)
    {
        var bytes = new ArrayBufferWriter<byte>(rows.Length * 200);
        var writer = new RowBinaryWriter(bytes);
        var position = _position!.Value;
        foreach (var row in rows) Write(writer, ++position, row);
        var token = "judge:" + Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan));
        return new LedgerInsert(bytes.WrittenMemory, token, _position.Value, position);
    }

    private async Task SendAsync(LedgerInsert insert, CancellationToken ct)
    {
        _unsettled = insert;
        await clickHouse.InsertAsync("judge_ledger", Columns, "RowBinary", insert.Rows, insert.Token, ct);
        await tables.CopyAsync(insert.After, insert.To, ct);
        (_position, _unsettled) = (insert.To, null);
    }

    // The enumerations are those of 022_judge_ledger.sql.
    private static void Write(RowBinaryWriter writer, ulong position, JudgedCall call)
    {
        writer.UInt64(position);
        writer.UInt8(Ordinal(call.Event, "call", "verdict", "rule"));
        writer.String(call.OperatorId);
        writer.String(call.ClientId);
        writer.String(call.DinId);
        writer.String(call.DialinId);
        writer.UInt64(call.CallerKey);
        writer.UnixMs(call.DinMs);
        writer.FixedString(call.TrnId, 24);
        writer.UInt8(call.IsAnswered);
        writer.UInt32(call.TalkingSec);
        writer.UnixMs(call.IngestedMs);
        writer.UInt8((byte)(Ordinal(call.Verdict, "none", "valid", "duplicate", "short") - 1));
        writer.String(call.Reason);
        writer.String(call.DuplicateOf);
        writer.UInt64(call.RuleVersion);
        writer.UInt32(call.Revision);
        WriteDeltas(writer, call);
    }

    private static void WriteDeltas(RowBinaryWriter writer, JudgedCall call)
    {
        writer.UInt8(call.Revision == 1 ? (byte)1 : (byte)0);
        foreach (var verdict in (ReadOnlySpan<string>)["valid", "duplicate", "short"])
        {
            var delta = (call.Verdict == verdict ? 1 : 0) - (call.OldVerdict == verdict ? 1 : 0);
            writer.UInt8(unchecked((byte)(sbyte)delta));
        }
    }

    private static byte Ordinal(string word, params ReadOnlySpan<string> words) => (byte)(words.IndexOf(word) + 1);
}
