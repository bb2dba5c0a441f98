using System.Text.Json;
using CallTracker.Contracts.Numbers;
using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Routes;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Numbers;

/// <summary>Reads and checks a number's document against the numbering plan and its band. Stateless.</summary>
internal static class NumberValidation
{
    public const int NameLengthMax = 200;
    public const int DestinationsMax = 10;
    public const int RingSecMax = 600;
    public const int RingSecDefault = 30;
    /// <summary>The shortest number that can be called (110).</summary>
    public const int DigitsMin = 3;
    private const int RecordingDaysMax = 3650;
    private const int WrittenLengthMax = 60;

    // :: Step P3
    /// <param name="root">The document.</param>
    /// <param name="current">The number that is replaced; its ids cannot change. Null when creating.</param>
    public static Validated<NumberBody> Read(JsonElement root, TrackingNumber? current)
    {
        var errors = new List<FieldError>();
        var fields = new JsonFields(root, "", errors);
        var dinId = ReadDinId(fields, current);
        var allowed = DestinationFields.ReadPrefixes(fields);
        var body = new NumberBody
        {
            DialinId = ReadDialinId(fields, current),
            DinId = dinId,
            ClientId = ReadClientId(fields),
            DialinName = ReadName(fields),
            Destinations = ReadDestinations(fields, dinId, allowed),
            AllowedDestinations = allowed,
            CallerDisplay = ReadCallerDisplay(fields, dinId),
            SystemNumber = ReadNumber(fields, "system_number"),
            Enabled = fields.Flag("enabled", fallback: true),
            Recording = ReadRecording(fields),
            RecordingDays = (int)fields.Integer("recording_days", 0, RecordingDaysMax, 0),
        };
        fields.Ignore("version", "created_at", "updated_at");
        fields.RefuseUnknown();
        return Validated<NumberBody>.From(body, errors);
    }

    private static string ReadDinId(JsonFields fields, TrackingNumber? current)
    {
        if (fields.Text("din_id", WrittenLengthMax, isRequired: true) is not { } written) return "";
        if (NumberingPlan.Normalise(written) is not { } number) fields.Refuse("din_id", "Is no telephone number.");
        else if (NumberBand.Find(number) is null) fields.Refuse("din_id", "Fits no band of tracking numbers.");
        else if (current is not null && number != current.DinId) fields.Refuse("din_id", "Cannot be changed.");
        else return number;
        return "";
    }

    private static string? ReadDialinId(JsonFields fields, TrackingNumber? current)
    {
        var id = fields.Text("dialin_id", Identifier.LengthMax);
        if (id is not null && !Identifier.IsValid(id)) fields.Refuse("dialin_id", Identifier.Rule);
        else if (id is not null && current is not null && id != current.DialinId)
        {
            fields.Refuse("dialin_id", "Cannot be changed.");
        }
        return id;
    }

    private static string ReadClientId(JsonFields fields)
    {
        var id = fields.Text("client_id", Identifier.LengthMax, isRequired: true);
        if (id is not null && !Identifier.IsValid(id)) fields.Refuse("client_id", Identifier.Rule);
        return id ?? "";
    }

    private static string ReadName(JsonFields fields) =>
        fields.Text("dialin_name", NameLengthMax, isRequired: true)?.Trim() ?? "";

    private static List<RouteDestination> ReadDestinations(
        JsonFields fields, string dinId, IReadOnlyList<string> allowed)
    {
        var destinations = new List<RouteDestination>();
        foreach (var (item, pointer) in fields.Items("destinations", 1, DestinationsMax, isRequired: true))
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                fields.Errors.Add(new FieldError(pointer, "Must be an object.", IsShape: true));
                continue;
            }
            destinations.Add(ReadDestination(new JsonFields(item, pointer, fields.Errors), dinId, allowed));
        }
        return destinations;
    }

    private static RouteDestination ReadDestination(
        JsonFields fields, string dinId, IReadOnlyList<string> allowed)
    {
        var number = ReadNumber(fields, "fwd_id", isRequired: true);
        // A number that forwards to itself would ring in circles until Max-Forwards ends it.
        if (number.Length > 0 && number == dinId) fields.Refuse("fwd_id", "Is the tracking number itself.");
        else if (number.Length > 0) DestinationFields.Check(fields, "fwd_id", number, allowed);
        var ringSec = (int)fields.Integer("ring_sec", 1, RingSecMax, RingSecDefault);
        fields.RefuseUnknown();
        return new RouteDestination(number, ringSec);
    }

    private static CallerDisplay ReadCallerDisplay(JsonFields fields, string dinId)
    {
        var isSystemOnly = dinId.Length > 0 && NumberBand.Find(dinId) is { SystemNumberOnly: true };
        var fallback = isSystemOnly ? "system" : "caller";
        var word = fields.Word("caller_display", fallback, isSystemOnly ? "caller" : "system");
        if (isSystemOnly && word == "caller")
        {
            fields.Refuse("caller_display", "Numbers of this band show a system number only.");
        }
        return word == "caller" ? CallerDisplay.Caller : CallerDisplay.System;
    }

    private static RecordingSetting ReadRecording(JsonFields fields) =>
        fields.Word("recording", "off", "both", "caller", "callee") switch
        {
            "both" => RecordingSetting.Both,
            "caller" => RecordingSetting.Caller,
            "callee" => RecordingSetting.Callee,
            _ => RecordingSetting.Off,
        };

    private static string ReadNumber(JsonFields fields, string name, bool isRequired = false)
    {
        var written = fields.Text(name, WrittenLengthMax, isRequired);
        if (string.IsNullOrEmpty(written)) return "";
        if (NumberingPlan.Normalise(written) is { Length: >= DigitsMin } number) return number;
        fields.Refuse(name, "Is no telephone number.");
        return "";
    }
}
