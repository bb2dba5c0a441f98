using System.Globalization;
using System.Text;
using CallTracker.Contracts.ClickHouse;

namespace CallTracker.Backends.Shipping;

/// <summary>
/// What the shipper asks of ClickHouse: insert a batch, look for rows, read the highest numbers. Stateless.
/// </summary>
internal sealed class CallRecordStore
{
    private readonly ClickHouseClient _client;

    public CallRecordStore(ClickHouseClient client) => _client = client;

    public Task InsertAsync(BatchHeader header, ReadOnlyMemory<byte> rows, CancellationToken ct) =>
        _client.InsertAsync(CallRecordTable.Name, header.Columns, "RowBinary", rows, header.Token, ct);

    /// <summary>Which calls of the batch are in the table.</summary>
    public async Task<HashSet<string>> FindPresentAsync(BatchHeader header, CancellationToken ct)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        var ids = new StringBuilder();
        foreach (var id in header.TrnIds)
        {
            // The ids are our own; one that is not plain cannot be in the table and stays out of the statement.
            if (!id.AsSpan().ContainsAnyExcept(PlainCharacters))
                ids.Append(ids.Length == 0 ? "'" : ",'").Append(id).Append('\'');
        }
        if (ids.Length == 0) return present;
        var sql = $"SELECT toString(trn_id) AS trn_id FROM {CallRecordTable.Name} " +
            $"WHERE din_tms >= fromUnixTimestamp64Milli({Text(header.DinMsMin)}) " +
            $"AND din_tms <= fromUnixTimestamp64Milli({Text(header.DinMsMax)}) AND trn_id IN ({ids})";
        await foreach (var row in _client.QueryAsync(sql, ShippingJson.Default.TransactionRow, null, ct))
            present.Add(row.TrnId);
        return present;
    }

    /// <summary>The highest number of each operator over all nodes.</summary>
    public async Task<Dictionary<string, ulong>> ReadSequencesAsync(CancellationToken ct)
    {
        var highest = new Dictionary<string, ulong>(StringComparer.Ordinal);
        var sql = $"SELECT operator_id, max(seq_num) AS seq_num FROM {CallRecordTable.Name} GROUP BY operator_id";
        await foreach (var row in _client.QueryAsync(sql, ShippingJson.Default.OperatorSequenceRow, null, ct))
            highest[row.OperatorId] = row.SeqNum;
        return highest;
    }

    private static readonly System.Buffers.SearchValues<char> PlainCharacters = System.Buffers.SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
