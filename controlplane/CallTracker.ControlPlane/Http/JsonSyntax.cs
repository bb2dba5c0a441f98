using System.Text.Json;

namespace CallTracker.ControlPlane.Http;

/// <summary>
/// Says where a JSON text is broken. The framework's own message has a line and a byte; API users get a pointer.
/// Also refuses what parsers disagree on: a member given twice, and text that is no Unicode. Stateless.
/// </summary>
internal static class JsonSyntax
{
    /// <summary>The first fault, or null for a well-formed document.</summary>
    public static FieldError? Check(ReadOnlySpan<byte> json, int depthMax)
    {
        var path = new JsonPath();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = depthMax });
        try
        {
            while (reader.Read())
            {
                if (Follow(ref reader, path) is { } error) return error;
            }
            return null;
        }
        catch (JsonException e)
        {
            return Fault(path, $"Broken at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            return Fault(path, "The text is no valid Unicode.");
        }
    }

    private static FieldError? Follow(ref Utf8JsonReader reader, JsonPath path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: path.EnterObject(); break;
            case JsonTokenType.StartArray: path.EnterArray(); break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray: path.Leave(); break;
            case JsonTokenType.PropertyName:
                return path.Name(reader.GetString()!) ? null : Fault(path, "The member is given twice.");
            case JsonTokenType.String:
                _ = reader.GetString();
                path.Value();
                break;
            default: path.Value(); break;
        }
        return null;
    }

    private static FieldError Fault(JsonPath path, string detail) => new(path.ToString(), detail, IsShape: true);
}
