using System.Globalization;
using CallTracker.Contracts.ClickHouse;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Judgement;

/// <summary>
/// Brings the tables of verdicts in force up to the ledger, which alone is the truth. Not a materialised view: an
/// insert and its views are not one step in ClickHouse, and a crash in between would leave them apart for ever.
/// Copying rows again changes nothing, because the tables keep the highest revision of each call. Owned by the judge.
/// </summary>
internal sealed class VerdictTables(ClickHouseClient clickHouse)
{
    private static readonly string ChainsSql = EmbeddedText.Read("copy_to_chains.sql");
    private static readonly string VerdictsSql = EmbeddedText.Read("copy_to_verdicts.sql");

    /// <summary>Copies the ledger's rows after one position up to and including another.</summary>
    public async Task CopyAsync(ulong after, ulong to, CancellationToken ct)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["after"] = after.ToString(CultureInfo.InvariantCulture),
            ["to"] = to.ToString(CultureInfo.InvariantCulture),
        };
        await clickHouse.ExecuteAsync(ChainsSql, parameters, ct);
        await clickHouse.ExecuteAsync(VerdictsSql, parameters, ct);
    }
}
