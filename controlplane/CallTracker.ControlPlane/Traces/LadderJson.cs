using System.Globalization;
using System.Text.Json;
using CallTracker.ControlPlane.Calls;
using CallTracker.ControlPlane.Calls.Output;

namespace CallTracker.ControlPlane.Traces;

/// <summary>Writes a ladder as JSON. Stateless.</summary>
internal static class LadderJson
{
    public static byte[] Write(Ladder ladder)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, CallJsonWriter.Options)) Write(json, ladder);
        return memory.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Ladder ladder)
    {
        json.WriteStartObject();
        json.WriteString("trn_id", ladder.TrnId);
        json.WriteString("node_id", ladder.NodeId);
        json.WriteString("cause", ladder.Cause);
        json.WriteBoolean("complete", ladder.Missing == 0);
        json.WriteNumber("missing", ladder.Missing);
        json.WriteStartArray("messages");
        foreach (var message in ladder.Messages) Write(json, message);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LadderMessage message)
    {
        json.WriteStartObject();
        json.WriteString("time", CallTime.Iso(message.TimeUs / 1000));
        json.WriteNumber("time_us", message.TimeUs);
        json.WriteString("direction", message.IsSent ? "sent" : "received");
        json.WriteString("leg", message.Attempt == 0 ? "inbound" : "outbound");
        if (message.Attempt > 0) json.WriteNumber("attempt", message.Attempt);
        json.WriteString("transport", message.Transport);
        json.WriteString("from", string.Create(CultureInfo.InvariantCulture, $"{message.From}"));
        json.WriteString("to", string.Create(CultureInfo.InvariantCulture, $"{message.To}"));
        json.WriteString("label", message.Label);
        json.WriteString("start_line", message.StartLine);
        json.WriteString("text", message.Text);
        json.WriteEndObject();
    }
}
