using System.Globalization;
using System.Text.Json;

namespace CallTracker.ControlPlane.Http;

/// <summary>
/// Takes the members of one JSON object apart and collects everything that is wrong with them, each with its pointer,
/// so that a client sees all faults at once. Lives while one body is validated.
/// </summary>
internal sealed class JsonFields(JsonElement element, string pointer, List<FieldError> errors)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public List<FieldError> Errors => errors;

    public string PointerTo(string name) => pointer + "/" + JsonPath.Escape(name);

    public void Refuse(string name, string detail) => errors.Add(new FieldError(PointerTo(name), detail));

    /// <summary>A text; null when absent, null in the document, or refused.</summary>
    public string? Text(string name, int lengthMax, bool isRequired = false)
    {
        if (!TryTake(name, isRequired, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String) return Mistyped<string?>(name, "a text", null);
        var text = value.GetString()!;
        if (isRequired && string.IsNullOrWhiteSpace(text)) Refuse(name, "Must not be empty.");
        else if (text.Length > lengthMax) Refuse(name, $"May have {lengthMax} characters.");
        else if (text.Any(char.IsControl)) Refuse(name, "Must not contain control characters.");
        else return text;
        return null;
    }

    public long Integer(string name, long min, long max, long fallback)
    {
        if (!TryTake(name, isRequired: false, out var value)) return fallback;
        if (value.ValueKind != JsonValueKind.Number) return Mistyped(name, "a whole number", fallback);
        if (value.TryGetInt64(out var number) && number >= min && number <= max) return number;
        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"Must be a whole number from {min} to {max}."));
        return fallback;
    }

    public bool Flag(string name, bool fallback)
    {
        if (!TryTake(name, isRequired: false, out var value)) return fallback;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        return Mistyped(name, "true or false", fallback);
    }

    /// <summary>One of the words given; the first is the default.</summary>
    public string Word(string name, params ReadOnlySpan<string> words)
    {
        if (!TryTake(name, isRequired: false, out var value)) return words[0];
        if (value.ValueKind != JsonValueKind.String) return Mistyped(name, "a text", words[0]);
        var text = value.GetString();
        foreach (var word in words)
        {
            if (word == text) return word;
        }
        Refuse(name, "Must be one of: " + string.Join(", ", words!) + ".");
        return words[0];
    }

    /// <summary>The elements of an array with their pointers; empty when absent or refused.</summary>
    public IReadOnlyList<(JsonElement Item, string Pointer)> Items(
        string name, int countMin, int countMax, bool isRequired = false)
    {
        if (!TryTake(name, isRequired, out var value)) return [];
        if (value.ValueKind != JsonValueKind.Array)
        {
            return Mistyped(name, "an array", Array.Empty<(JsonElement, string)>());
        }
        var count = value.GetArrayLength();
        if (count >= countMin && count <= countMax)
        {
            return [.. value.EnumerateArray().Select((item, i) => (item, $"{PointerTo(name)}/{i}"))];
        }
        Refuse(name, $"Must have {countMin} to {countMax} elements.");
        return [];
    }

    /// <summary>The texts of an array; elements that are none are refused.</summary>
    public IReadOnlyList<(string Text, string Pointer)> Texts(string name, int countMax, bool isRequired = false)
    {
        var texts = new List<(string, string)>();
        foreach (var (item, at) in Items(name, countMin: isRequired ? 1 : 0, countMax, isRequired))
        {
            if (item.ValueKind == JsonValueKind.String) texts.Add((item.GetString()!, at));
            else errors.Add(new FieldError(at, "Must be a text.", IsShape: true));
        }
        return texts;
    }

    /// <summary>Marks a member as known without reading it (what the server itself answers with).</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names) _taken.Add(name);
    }

    /// <summary>Called last: members that nobody asked for are refused.</summary>
    public void RefuseUnknown()
    {
        foreach (var member in element.EnumerateObject())
        {
            if (_taken.Contains(member.Name)) continue;
            errors.Add(new FieldError(PointerTo(member.Name), "Unknown member.", IsShape: true));
        }
    }

    private bool TryTake(string name, bool isRequired, out JsonElement value)
    {
        _taken.Add(name);
        if (element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null) return true;
        if (isRequired) errors.Add(new FieldError(PointerTo(name), "Is required."));
        return false;
    }

    private T Mistyped<T>(string name, string wanted, T fallback)
    {
        errors.Add(new FieldError(PointerTo(name), $"Must be {wanted}.", IsShape: true));
        return fallback;
    }
}
