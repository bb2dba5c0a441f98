using System.Text;
using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests.Agents;

/// <summary>
/// A message as an agent reads it: by a strict reader that shares nothing with the product's, so that what the engine
/// writes is checked by somebody else. Owned by its seed.
/// </summary>
internal sealed class SimMessage
{
    private readonly List<(string Name, string Value)> _headers = [];

    public string StartLine { get; private set; } = "";

    public string Text { get; private init; } = "";

    public bool IsResponse { get; private set; }

    /// <summary>0 for a request.</summary>
    public int Code { get; private set; }

    /// <summary>Of the request, or of the CSeq of a response.</summary>
    public string Method { get; private set; } = "";

    public string Uri { get; private set; } = "";

    public int CSeq { get; private set; }

    public string CallId { get; private set; } = "";

    public string FromTag { get; private set; } = "";

    public string ToTag { get; private set; } = "";

    /// <summary>Of the top Via.</summary>
    public string Branch { get; private set; } = "";

    public string Body { get; private set; } = "";

    public bool HasSdp => Body.Length > 0 && Header("Content-Type") == "application/sdp";

    /// <summary>Reads a message; anything out of order is a fault of its writer.</summary>
    public static SimMessage Read(ReadOnlySpan<byte> bytes)
    {
        var message = new SimMessage { Text = Encoding.Latin1.GetString(bytes) };
        message.ReadLines();
        message.ReadFields();
        return message;
    }

    /// <summary>The first value of a header, or nothing.</summary>
    public string Header(string name)
    {
        foreach (var header in _headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return header.Value;
        }
        return "";
    }

    public IEnumerable<string> Headers(string name) =>
        _headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value);

    /// <summary>The user part of a name-addr.</summary>
    public static string UserOf(string address)
    {
        var start = address.IndexOf("sip:", StringComparison.Ordinal) + 4;
        var end = address.IndexOf('@', StringComparison.Ordinal);
        return start < 4 || end < start ? "" : address[start..end];
    }

    /// <summary>The URI between the brackets.</summary>
    public static string UriOf(string address)
    {
        var start = address.IndexOf('<', StringComparison.Ordinal);
        var end = address.IndexOf('>', StringComparison.Ordinal);
        return start < 0 || end < start ? address : address[(start + 1)..end];
    }

    private void ReadLines()
    {
        var end = Text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        Require(end > 0, "no end of headers");
        Body = Text[(end + 4)..];
        var at = Text.IndexOf("\r\n", StringComparison.Ordinal);
        StartLine = Text[..at];
        while (at < end)
        {
            var start = at + 2;
            at = Text.IndexOf("\r\n", start, StringComparison.Ordinal);
            var colon = Text.IndexOf(": ", start, at - start, StringComparison.Ordinal);
            Require(colon > start, "a line without a name");
            _headers.Add((Text[start..colon], Text[(colon + 2)..at]));
        }
    }

    private void ReadFields()
    {
        var parts = StartLine.Split(' ', 3);
        Require(parts.Length == 3, "start line");
        IsResponse = parts[0] == "SIP/2.0";
        Require(IsResponse || parts[2] == "SIP/2.0", "version");
        Code = IsResponse ? int.Parse(parts[1], null) : 0;
        Uri = IsResponse ? "" : parts[1];
        foreach (var name in (string[])["From", "To", "Call-ID", "CSeq", "Content-Length"])
            Require(Headers(name).Count() == 1, name);
        var cseq = Header("CSeq").Split(' ');
        (CSeq, Method) = (int.Parse(cseq[0], null), cseq[1]);
        Require(IsResponse || parts[0] == Method, "CSeq method");
        (CallId, FromTag, ToTag) = (Header("Call-ID"), TagOf(Header("From")), TagOf(Header("To")));
        Branch = ParameterOf(Header("Via"), ";branch=");
        Require(Branch.StartsWith("z9hG4bK", StringComparison.Ordinal), "branch");
        Require(IsResponse || Header("Max-Forwards").Length > 0, "Max-Forwards");
        Require(int.Parse(Header("Content-Length"), null) == Body.Length, "Content-Length");
        Require(Body.Length == 0 || Header("Content-Type").Length > 0, "Content-Type");
        var makesDialog = Method == "INVITE" && (!IsResponse || Code is > 100 and < 300);
        Require(!makesDialog || Header("Contact").Length > 0, "Contact");
    }

    private void Require(bool isTrue, string what)
    {
        if (!isTrue) throw new SimulationException($"A message has a bad {what}:\n{Text}");
    }

    private static string TagOf(string address) => ParameterOf(address, ";tag=");

    private static string ParameterOf(string value, string name)
    {
        var start = value.IndexOf(name, StringComparison.Ordinal);
        if (start < 0) return "";
        start += name.Length;
        var end = value.IndexOfAny([';', '>', ' ', ','], start);
        return end < 0 ? value[start..] : value[start..end];
    }
}
