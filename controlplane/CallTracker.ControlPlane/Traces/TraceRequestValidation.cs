using System.Text.Json;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.Numbers;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Traces;

/// <summary>Reads and checks an order to keep calls. Stateless.</summary>
internal static class TraceRequestValidation
{
    public const int MinutesMax = 7 * 24 * 60;
    private const int NoteLengthMax = 200;

    public static Validated<TraceRequestBody> Read(JsonElement root)
    {
        var errors = new List<FieldError>();
        var fields = new JsonFields(root, "", errors);
        var body = new TraceRequestBody
        {
            DinId = ReadNumber(fields, "din_id"),
            Caller = ReadNumber(fields, "caller"),
            Minutes = (int)fields.Integer("minutes", 1, MinutesMax, 60),
            Note = fields.Text("note", NoteLengthMax)?.Trim(),
        };
        fields.RefuseUnknown();
        if (errors.Count == 0 && body.DinId is null && body.Caller is null)
            fields.Refuse("din_id", "Give a din_id, a caller, or both.");
        return Validated<TraceRequestBody>.From(body, errors);
    }

    private static string? ReadNumber(JsonFields fields, string name)
    {
        if (fields.Text(name, CallerCipher.NumberLengthMax) is not { } text) return null;
        if (NumberingPlan.Normalise(text) is { Length: > 0 } number) return number;
        fields.Refuse(name, "Must be a telephone number.");
        return null;
    }
}
