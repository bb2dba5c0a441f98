using System.Text;

namespace CallTracker.LoadTests.Sip;

/// <summary>
/// A received message as text, with the few things a test party asks of it. Its own small reader and not the product's:
/// a witness must not share the mistakes of the one it watches.
/// </summary>
internal sealed class SipText
{
    private readonly string _text;

    public SipText(ReadOnlySpan<byte> bytes)
    {
        _text = Encoding.Latin1.GetString(bytes);
        IsResponse = _text.StartsWith("SIP/2.0 ", StringComparison.Ordinal);
        if (IsResponse && _text.Length >= 11 && int.TryParse(_text.AsSpan(8, 3), out var code)) StatusCode = code;
        var space = _text.IndexOf(' ');
        Method = IsResponse || space < 0 ? "" : _text[..space];
    }

    public bool IsResponse { get; }

    public int StatusCode { get; }

    public string Method { get; }

    public string CallId => Header("Call-ID");

    /// <summary>The method that a response answers.</summary>
    public string CSeqMethod => Header("CSeq") is var value ? value[(value.LastIndexOf(' ') + 1)..] : "";

    /// <summary>The URI between the brackets of Contact.</summary>
    public string ContactUri
    {
        get
        {
            var contact = Header("Contact");
            var from = contact.IndexOf('<') + 1;
            var to = contact.IndexOf('>', from);
            return to < 0 ? contact : contact[from..to];
        }
    }

    /// <summary>The first value of a header; empty when there is none.</summary>
    public string Header(string name) => Headers(name).FirstOrDefault() ?? "";

    public IEnumerable<string> Headers(string name)
    {
        foreach (var line in Lines())
        {
            if (line.Length == 0) yield break;
            var colon = line.IndexOf(':');
            if (colon > 0 && line.AsSpan(0, colon).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                yield return line[(colon + 1)..].Trim();
        }
    }

    /// <summary>The rest of the first line that begins so, anywhere; for lines of SDP.</summary>
    public string LineAfter(string start) =>
        Lines().FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal)) is { } found
            ? found[start.Length..]
            : "";

    private IEnumerable<string> Lines() => _text.Split("\r\n");
}
