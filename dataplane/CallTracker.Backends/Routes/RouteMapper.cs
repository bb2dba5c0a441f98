using System.Text;
using System.Text.Json;
using CallTracker.Backends.Journal;
using CallTracker.Backends.Recording;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Contracts;
using CallTracker.Contracts.Routes;

namespace CallTracker.Backends.Routes;

/// <summary>Turns the stored form of a route into what workers use. Stateless; the feed's tasks.</summary>
internal static class RouteMapper
{
    private const int RingSecMax = 3600;

    /// <summary>Null when the bytes are no route that this build can follow.</summary>
    public static Route? TryMap(ReadOnlySpan<byte> json)
    {
        try
        {
            var record = JsonSerializer.Deserialize(json, ContractJson.Default.RouteRecord);
            return record is null ? null : TryMap(record);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static Route? TryMap(RouteRecord record)
    {
        if (HasNulls(record)) return null;
        var isKnown = record.V <= RouteRecord.LayoutVersion && TryPack(record.DinId, out _)
            && IsId(record.OperatorId) && IsId(record.ClientId) && IsId(record.DialinId);
        if (!isKnown || record.Destinations.Count > CallFacts.AttemptsMax) return null;
        var targets = new RouteTarget[record.Destinations.Count];
        for (var i = 0; i < targets.Length; i++)
        {
            var destination = record.Destinations[i];
            if (!TryPack(destination.FwdId, out var target)) return null;
            targets[i] = new RouteTarget(target, Math.Clamp(destination.RingSec, 1, RingSecMax) * 1000);
        }
        if (DestinationMapper.TryMap(record.AllowedDestinations) is not { } rules) return null;
        var hasSystemNumber = TryPack(record.SystemNumber, out var systemNumber);
        if (!hasSystemNumber && record.SystemNumber.Length > 0) return null;
        TryPack(record.DinId, out var number);
        return new Route
        {
            Number = number,
            OperatorId = record.OperatorId,
            Targets = targets,
            ShowsSystemNumber = record.CallerDisplay == CallerDisplay.System,
            SystemNumber = systemNumber,
            Destinations = rules,
            Enabled = record.Enabled,
            Recording = RecordingOwner.Map(record),
            Source = record,
        };
    }

    // The generated reader gives null where the JSON has it, whatever the type says: a hand may have been in Redis, and
    // the feed must not read all again and again over one record. Names may be null: they are for the call log alone.
    private static bool HasNulls(RouteRecord record) =>
        record.OperatorId is null || record.ClientId is null || record.DialinId is null
        || record.SystemNumber is null || record.Destinations is null
        || record.Destinations.Any(destination => destination?.FwdId is null);

    /// <summary>Packs a normalised number; no normalising here, keys must be exact.</summary>
    public static bool TryPack(string digits, out PhoneNumber number)
    {
        Span<byte> bytes = stackalloc byte[PhoneNumber.DigitsMax];
        number = default;
        return Encoding.UTF8.TryGetBytes(digits, bytes, out var length) && PhoneNumber.TryPack(
            bytes[..length], out number);
    }

    /// <summary>Ids go whole into journal and table: a longer one would be cut and belong to somebody else.</summary>
    public static bool IsId(string id) =>
        id.Length > 0 && Encoding.UTF8.GetByteCount(id) <= CallFactsWriter.IdLengthMax;
}
