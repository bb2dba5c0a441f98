using System.Text.Encodings.Web;
using System.Text.Json;

namespace CallTracker.ControlPlane.Calls.Output;

/// <summary>
/// Writes one call as a JSON object with the keys of PRODUCT.md. Stateless; the writer belongs to the caller.
/// </summary>
internal static class CallJsonWriter
{
    private const string NestedPrefix = "logvars.";

    /// <summary>Only what JSON itself wants escaped: the answer is never part of an HTML page.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Utf8JsonWriter json, CallRow row, CallOutputOptions output, CallerNumbers numbers)
    {
        json.WriteStartObject();
        foreach (var column in output.Columns)
        {
            if (column.Key.StartsWith(NestedPrefix, StringComparison.Ordinal)) WriteNested(json, column, row, output);
            else WriteMember(json, column, row, output, numbers);
        }
        json.WriteEndObject();
    }

    // "logvars": {"valid_res": "有効"}
    private static void WriteNested(Utf8JsonWriter json, CallColumn column, CallRow row, CallOutputOptions output)
    {
        json.WriteStartObject("logvars");
        json.WriteString(column.Key[NestedPrefix.Length..], column.Text(row, output.Language));
        json.WriteEndObject();
    }

    private static void WriteMember(
        Utf8JsonWriter json, CallColumn column, CallRow row, CallOutputOptions output, CallerNumbers numbers)
    {
        var text = column.Text(row, output.Language);
        json.WritePropertyName(column.Key);
        switch (column.Kind)
        {
            case CellKind.Attempts: WriteAttempts(json, row); break;
            case CellKind.Number when text is null: json.WriteNullValue(); break;
            case CellKind.Number: json.WriteRawValue(text!, skipInputValidation: true); break;
            case CellKind.Flag: json.WriteBooleanValue(text != "0"); break;
            case CellKind.Time when text is null: json.WriteNullValue(); break;
            case CellKind.Time: json.WriteStringValue(CallTime.Iso(CellText.Milliseconds(text))); break;
            case CellKind.CallerNumber: json.WriteStringValue(CellText.CallerNumber(row, output, numbers)); break;
            default: json.WriteStringValue(text); break;
        }
    }

    private static void WriteAttempts(Utf8JsonWriter json, CallRow row)
    {
        json.WriteStartArray();
        for (var i = 0; i < row.AttemptFwdId.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("fwd_id", row.AttemptFwdId[i]);
            json.WriteNumber("sip_code", row.AttemptSipCode[i]);
            json.WriteNumber("ring_ms", row.AttemptRingMs[i]);
            json.WriteString("trunk", row.AttemptTrunk[i]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
