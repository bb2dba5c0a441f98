using System.Text.Json;
using CallTracker.Contracts.Numbers;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Trunks;

/// <summary>Reads and checks a trunk's document. Stateless.</summary>
internal static class TrunkValidation
{
    public const int ListMax = 1000;
    private const int WrittenLengthMax = 300;

    /// <param name="root">The document.</param>
    /// <param name="fixedId">The id in the path, which the document may repeat but not change; null when
    /// creating.</param>
    public static Validated<TrunkBody> Read(JsonElement root, string? fixedId)
    {
        var errors = new List<FieldError>();
        var fields = new JsonFields(root, "", errors);
        var body = new TrunkBody
        {
            TrunkId = ReadId(fields, fixedId),
            Name = fields.Text("name", 200, isRequired: true)?.Trim() ?? "",
            Address = ReadAddress(fields),
            Prefixes = ReadPrefixes(fields),
            InboundFrom = ReadSources(fields),
            Priority = (int)fields.Integer("priority", 0, 10_000, 100),
            Trusted = fields.Flag("trusted", fallback: true),
            Enabled = fields.Flag("enabled", fallback: true),
        };
        fields.Ignore("version", "operator_id", "v");
        fields.RefuseUnknown();
        return Validated<TrunkBody>.From(body, errors);
    }

    private static string? ReadId(JsonFields fields, string? fixedId)
    {
        var id = fields.Text("trunk_id", Identifier.LengthMax);
        if (id is not null && !Identifier.IsValid(id)) fields.Refuse("trunk_id", Identifier.Rule);
        else if (id is not null && fixedId is not null && id != fixedId) fields.Refuse("trunk_id",
            "Cannot be changed.");
        return id;
    }

    private static string ReadAddress(JsonFields fields)
    {
        if (fields.Text("address", WrittenLengthMax, isRequired: true) is not { } text) return "";
        if (TrunkAddress.Target(text) is { } address) return address;
        fields.Refuse("address", "Must be host:port, [v6]:port or a host.");
        return "";
    }

    // "+81 3" is the prefix 03, "+1" is 0101: a prefix is the beginning of a normalised number.
    private static List<string> ReadPrefixes(JsonFields fields)
    {
        var prefixes = new List<string>();
        foreach (var (text, pointer) in fields.Texts("prefixes", ListMax))
        {
            var prefix = text.Length == 0 ? "" : NumberingPlan.Normalise(text);
            if (prefix is null) fields.Errors.Add(new FieldError(pointer, "Must be the beginning of a number."));
            else if (!prefixes.Contains(prefix, StringComparer.Ordinal)) prefixes.Add(prefix);
        }
        return prefixes;
    }

    private static List<string> ReadSources(JsonFields fields)
    {
        var sources = new List<string>();
        foreach (var (text, pointer) in fields.Texts("inbound_from", ListMax))
        {
            var source = TrunkAddress.Source(text);
            if (source is null)
            {
                fields.Errors.Add(new FieldError(pointer,
                    "Must be address, address:port or a network as 192.0.2.0/24."));
            }
            else if (!sources.Contains(source, StringComparer.Ordinal)) sources.Add(source);
        }
        return sources;
    }
}
