using System.Globalization;
using System.Text.Json;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.ApiKeys;

/// <summary>Reads and checks the body that makes an API key. Stateless.</summary>
internal static class ApiKeyValidation
{
    public static Validated<ApiKeyBody> Read(JsonElement root, DateTimeOffset now)
    {
        var errors = new List<FieldError>();
        var fields = new JsonFields(root, "", errors);
        var body = new ApiKeyBody
        {
            Name = fields.Text("name", 200, isRequired: true) ?? "",
            Scopes = ReadScopes(fields),
            ClientId = ReadClientId(fields),
            ExpiresAt = ReadExpiry(fields, now),
        };
        fields.RefuseUnknown();
        return Validated<ApiKeyBody>.From(body, errors);
    }

    private static List<string> ReadScopes(JsonFields fields)
    {
        var scopes = new List<string>();
        foreach (var (text, pointer) in fields.Texts("scopes", Scopes.All.Count, isRequired: true))
        {
            if (!Scopes.All.Contains(text, StringComparer.Ordinal))
            {
                fields.Errors.Add(new FieldError(pointer, "Must be one of: " + string.Join(", ", Scopes.All) + "."));
            }
            else if (!scopes.Contains(text, StringComparer.Ordinal)) scopes.Add(text);
        }
        return scopes;
    }

    private static string? ReadClientId(JsonFields fields)
    {
        var id = fields.Text("client_id", Identifier.LengthMax);
        if (id is not null && !Identifier.IsValid(id)) fields.Refuse("client_id", Identifier.Rule);
        return id;
    }

    private static DateTimeOffset? ReadExpiry(JsonFields fields, DateTimeOffset now)
    {
        if (fields.Text("expires_at", 40) is not { } text) return null;
        var style = DateTimeStyles.AssumeUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, style, out var at) && at > now) return at;
        fields.Refuse("expires_at", "Must be an ISO 8601 time in the future.");
        return null;
    }
}
