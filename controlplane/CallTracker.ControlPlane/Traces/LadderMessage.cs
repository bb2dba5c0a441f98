using System.Net;
using System.Text;

namespace CallTracker.ControlPlane.Traces;

/// <summary>One message of a ladder, opened. Immutable.</summary>
internal sealed record LadderMessage
{
    /// <summary>Unix microseconds, UTC.</summary>
    public required long TimeUs { get; init; }
    public required bool IsSent { get; init; }
    /// <summary>0 on the inbound leg, n on the n-th attempt's.</summary>
    public required byte Attempt { get; init; }
    public required string Transport { get; init; }
    public required IPEndPoint Local { get; init; }
    public required IPEndPoint Remote { get; init; }
    public required byte[] Bytes { get; init; }

    public IPEndPoint From => IsSent ? Local : Remote;

    public IPEndPoint To => IsSent ? Remote : Local;

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The first line, control characters replaced.</summary>
    public string StartLine => Line(Text.AsSpan().TrimStart("\r\n"));

    public bool HasSdp => Header("content-type", "c").StartsWith("application/sdp", StringComparison.OrdinalIgnoreCase);

    /// <summary>What an engineer calls it: INVITE, or 180 Ringing (INVITE).</summary>
    public string Label
    {
        get
        {
            var words = StartLine.Split(' ', 3);
            var isResponse = words[0].StartsWith("SIP/", StringComparison.Ordinal);
            var notes = new List<string>();
            if (isResponse && Header("cseq", "cseq").Split(' ') is [_, .., var method]) notes.Add(method);
            if (HasSdp) notes.Add("SDP");
            var name = isResponse ? string.Join(' ', words[1..]) : words[0];
            return notes.Count == 0 ? name : $"{name} ({string.Join(", ", notes)})";
        }
    }

    /// <summary>The first value of a header by its name or its compact form; empty when there is none.</summary>
    public string Header(string name, string compact)
    {
        foreach (var line in Text.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon <= 0) continue;
            var found = line[..colon].Trim();
            if (found.Equals(name, StringComparison.OrdinalIgnoreCase)
                || found.Equals(compact, StringComparison.OrdinalIgnoreCase))
            {
                return Clean(line[(colon + 1)..].Trim());
            }
        }
        return "";
    }

    private static string Line(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('\r', '\n');
        return Clean(end < 0 ? text : text[..end]);
    }

    // Peers choose these bytes, terminals show them: escape sequences must not come through.
    private static string Clean(ReadOnlySpan<char> text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text) clean.Append(char.IsControl(c) ? '.' : c);
        return clean.ToString();
    }
}
