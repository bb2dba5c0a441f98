using System.Text.Json;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Advertisers;

/// <summary>Reads and checks an advertiser's document. Stateless.</summary>
internal static class AdvertiserValidation
{
    public const int NameLengthMax = 200;

    /// <param name="root">The document.</param>
    /// <param name="fixedId">The id in the path, which the document may repeat, not change; null on creation.</param>
    public static Validated<AdvertiserBody> Read(JsonElement root, string? fixedId)
    {
        var errors = new List<FieldError>();
        var fields = new JsonFields(root, "", errors);
        var id = fields.Text("client_id", Identifier.LengthMax);
        if (id is not null && !Identifier.IsValid(id)) fields.Refuse("client_id", Identifier.Rule);
        else if (id is not null && fixedId is not null && id != fixedId)
        {
            fields.Refuse("client_id", "Cannot be changed.");
        }
        var body = new AdvertiserBody
        {
            ClientId = id,
            ClientName = fields.Text("client_name", NameLengthMax, isRequired: true)?.Trim() ?? "",
        };
        fields.Ignore("version", "created_at", "updated_at");
        fields.RefuseUnknown();
        return Validated<AdvertiserBody>.From(body, errors);
    }
}
