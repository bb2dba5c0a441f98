using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

#pragma warning disable MA0023 // The groups are numbered because the patterns are put together from pieces.

namespace CallTracker.Sip.Tests.Support;

/// <summary>
/// The oracle of the fuzz tests: the same grammar as regular expressions over strings, slow and written apart from the
/// product's parser. Null means refused.
/// </summary>
internal static class ReferenceParser
{
    private const string Token = @"[A-Za-z0-9\-.!%*_+`'~]+";
    private const string Word = @"[A-Za-z0-9\-.!%*_+`'~()<>:\\""/\[\]?{}@]";
    private const string Quoted = """
        "(?:\\.|[^"\\])*"
        """;
    private const RegexOptions Options = RegexOptions.Singleline | RegexOptions.CultureInvariant;
    private static readonly string[] Lists =
    [
        "via", "v", "contact", "m", "route", "record-route", "p-asserted-identity", "p-preferred-identity", "diversion",
        "history-info", "path", "service-route", "remote-party-id",
    ];
    private static readonly string[] Singles =
    [
        "from", "to", "call-id", "cseq", "max-forwards", "content-length", "content-type", "expires", "session-expires",
        "min-se", "rseq", "rack", "event", "refer-to", "replaces",
    ];
    private static readonly Dictionary<string, string> Compact = new(StringComparer.Ordinal)
    {
        ["v"] = "via",
        ["f"] = "from",
        ["t"] = "to",
        ["i"] = "call-id",
        ["m"] = "contact",
        ["l"] = "content-length",
        ["c"] = "content-type",
        ["x"] = "session-expires",
        ["o"] = "event",
        ["r"] = "refer-to",
    };

    public static ReferenceMessage? Parse(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes).TrimStart('\r', '\n');
        if (TakeLine(ref text) is not { } startLine) return null;
        if (ParseStart(startLine) is not var (method, uri, code)) return null;
        var headers = new List<(string Name, string Value)>();
        while (true)
        {
            if (TakeLine(ref text) is not { } line) return null;
            if (line.Length == 0) break;
            while (text.Length > 0 && text[0] is ' ' or '\t')
            {
                var lineEnd = line.Length;
                if (TakeLine(ref text) is not { } more) return null;
                line = line[..lineEnd] + "\uE000" + more;
            }
            if (!TryAddHeader(headers, line)) return null;
        }
        return Check(method, uri, code, headers, text);
    }

    /// <summary>
    /// Folds are marked above with a character that no byte maps to; they compare as any run of spaces.
    /// </summary>
    public static string Normal(string value) => value.Replace('\uE000', ' ').Trim(' ', '\t');

    private static string? TakeLine(ref string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0) return null;
        var line = text[..end];
        text = text[(end + 1)..];
        return line.EndsWith('\r') ? line[..^1] : line;
    }

    private static (string Method, string Uri, int Code)? ParseStart(string line)
    {
        if (line.StartsWith("SIP/", StringComparison.OrdinalIgnoreCase))
        {
            const string Reason = @"(?: [^\x00-\x08\x0A-\x1F\x7F]*)?";
            var status = Regex.Match(line, $@"\A(?i:SIP/2\.0) ([1-6][0-9][0-9]){Reason}\z", Options);
            if (!status.Success) return null;
            return ("", "", int.Parse(status.Groups[1].Value, CultureInfo.InvariantCulture));
        }
        var request = Regex.Match(line, $@"\A({Token}) ([^ \t\r]+) (?i:SIP/2\.0)\z", Options);
        if (!request.Success || !IsUri(request.Groups[2].Value)) return null;
        var isSip = Regex.IsMatch(request.Groups[2].Value, @"\A(?i:sips?):", Options);
        var hasHeaders = isSip && Regex.IsMatch(request.Groups[2].Value, @"\?[^@]+\z", Options);
        return hasHeaders ? null : (request.Groups[1].Value, request.Groups[2].Value, 0);
    }

    private static bool TryAddHeader(List<(string Name, string Value)> headers, string line)
    {
        var match = Regex.Match(line, $@"\A({Token})[ \t\uE000]*:(.*)\z", Options);
        if (!match.Success || HasControl(line)) return false;
        var name = match.Groups[1].Value.ToLowerInvariant();
        var value = match.Groups[2].Value.Replace('\uE000', ' ');
        if (!Lists.Contains(name)) headers.Add((name, value.Trim(' ', '\t')));
        else if (!TryAddList(headers, name, value)) return false;
        var full = Compact.GetValueOrDefault(name, name);
        var isDouble = Singles.Contains(full)
            && headers.Count(header => Compact.GetValueOrDefault(header.Name, header.Name) == full) > 1;
        return !isDouble && headers.Count <= 128;
    }

    // In quoted strings, controls but CR may be escaped.
    private static bool HasControl(string line)
    {
        var plain = Regex.Replace(
            line, Quoted, quoted => Regex.Replace(quoted.Value, @"\\[^\r]", "", Options), Options);
        return Regex.IsMatch(plain, @"[\x00-\x08\x0A-\x1F\x7F]", Options);
    }

    private static bool TryAddList(List<(string Name, string Value)> headers, string name, string value)
    {
        var item = $"(?:{Quoted}|<[^>]*>|[^,\"<])*";
        var match = Regex.Match(value, $@"\A({item})(?:,({item}))*\z", Options);
        if (!match.Success) return false;
        foreach (var capture in match.Groups[1].Captures.Concat(match.Groups[2].Captures))
        {
            var one = capture.Value.Trim(' ', '\t');
            if (one.Length > 0) headers.Add((name, one));
        }
        return true;
    }

    private static ReferenceMessage? Check(
        string method, string uri, int code, List<(string Name, string Value)> headers, string rest)
    {
        string? Get(string name) =>
            headers.Where(h => Compact.GetValueOrDefault(h.Name, h.Name) == name).Select(h => h.Value).FirstOrDefault();
        var via = Get("via");
        if (via is null || Get("from") is not { } from || Get("to") is not { } to || !IsVia(via)) return null;
        if (!Regex.IsMatch(Get("call-id") ?? "", $@"\A{Word}+\z", Options)) return null;
        if (!TryAddress(from, out var fromTag) || !TryAddress(to, out var toTag)) return null;
        var cseq = Regex.Match(Get("cseq") ?? "", $@"\A([0-9]+)[ \t]+({Token})\z", Options);
        if (!cseq.Success || !IsNumber(cseq.Groups[1].Value, int.MaxValue)) return null;
        if (method.Length > 0 && cseq.Groups[2].Value != method) return null;
        if (Get("max-forwards") is { } hops && !IsNumber(hops, 255)) return null;
        if (Get("content-length") is { } length)
        {
            if (!IsNumber(length, int.MaxValue)) return null;
            var bodyLength = decimal.Parse(length, CultureInfo.InvariantCulture);
            if (bodyLength > rest.Length) return null;
            rest = rest[..(int)bodyLength];
        }
        var number = long.Parse(cseq.Groups[1].Value.TrimStart('0').PadLeft(1, '0'), CultureInfo.InvariantCulture);
        return new ReferenceMessage(method, uri, code, rest, fromTag, toTag, number, cseq.Groups[2].Value)
        {
            Headers = headers,
        };
    }

    private static bool IsNumber(string text, long max)
    {
        if (!Regex.IsMatch(text, @"\A[0-9]+\z")) return false;
        var digits = text.TrimStart('0').PadLeft(1, '0');
        return digits.Length < 18 && long.Parse(digits, CultureInfo.InvariantCulture) <= max;
    }

    private static bool IsVia(string value)
    {
        const string Host = @"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._]+";
        var match = Regex.Match(
            value,
            $@"\A(?i:SIP)[ \t]*/[ \t]*2\.0[ \t]*/[ \t]*{Token}[ \t]+(?:{Host})(?:[ \t]*:[ \t]*([0-9]+))?[ \t]*(;.*)?\z",
            Options);
        if (!match.Success || !IsParameters(match.Groups[2].Value)) return false;
        if (Count(match.Groups[2].Value, "branch") > 1) return false;
        if (!Regex.IsMatch(Parameter(match.Groups[2].Value, "branch"), $@"\A{Word}*\z", Options)) return false;
        var port = match.Groups[1].Value;
        return port.Length == 0 || (IsNumber(port, 65_535) && port.Trim('0').Length > 0);
    }

    private static bool TryAddress(string value, out string tag)
    {
        tag = "";
        var bracketed = Regex.Match(
            value, $@"\A(?:{Quoted}[ \t]*|[^""<>;]*)<([^>]*)>[ \t]*(.*)\z", Options);
        var bare = Regex.Match(value, @"\A([^;<""?,]+)((?:;[^<]*)?)\z", Options);
        var match = bracketed.Success ? bracketed : bare;
        if (!match.Success) return false;
        var uri = match.Groups[1].Value;
        if (!bracketed.Success) uri = uri.Trim(' ', '\t');
        var parameters = match.Groups[2].Value;
        if (!IsUri(uri) || !IsParameters(parameters) || Count(parameters, "tag") > 1) return false;
        tag = Parameter(parameters, "tag");
        if (Count(parameters, "tag") == 1 && tag.Length == 0) return false;
        return Regex.IsMatch(tag, $@"\A{Word}*\z", Options);
    }

    private static string Parameter(string parameters, string name) => Values(parameters, name).FirstOrDefault() ?? "";

    private static int Count(string parameters, string name) => Values(parameters, name).Count();

    private static IEnumerable<string> Values(string parameters, string name)
    {
        foreach (Match parameter in Regex.Matches(parameters, $"\\G;((?:{Quoted}|<[^>]*>|[^;\"<])*)", Options))
        {
            var parts = parameter.Groups[1].Value.Split('=', 2);
            if (!parts[0].Trim(' ', '\t').Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            yield return parts.Length > 1 ? parts[1].Trim(' ', '\t') : "";
        }
    }

    private static bool IsParameters(string text)
    {
        var trimmed = text.Trim(' ', '\t');
        var one = $"[ \\t]*{Token}[ \\t]*(?:=(?:{Quoted}|<[^>]*>|[^;\"<])*)?";
        return Regex.IsMatch(trimmed, $@"\A(?:;{one})*\z", Options);
    }

    private static bool IsUri(string text)
    {
        const string Character = @"%[0-9A-Fa-f]{2}|[A-Za-z0-9\-_.!~*'();/?:@&=+$,\[\]#|^`{}]";
        if (!Regex.IsMatch(text, $@"\A(?:{Character})*\z", Options)) return false;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || !Regex.IsMatch(text[..colon], $@"\A[A-Za-z][A-Za-z0-9\-.!%*_+`'~]*\z", Options)) return false;
        var rest = text[(colon + 1)..];
        var scheme = text[..colon].ToUpperInvariant();
        if (scheme == "TEL") return Regex.IsMatch(rest, @"\A[^;@]+(?:;.*)?\z", Options);
        if (scheme is not ("SIP" or "SIPS")) return rest.Length > 0;
        var match = Regex.Match(
            rest,
            @"\A(?:[^@]+@)?(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._]+)(?::([0-9]+))?(?:;[^@?]*)?(?:\?[^@]*)?\z",
            Options);
        var port = match.Groups[1].Value;
        return match.Success && (port.Length == 0 || (IsNumber(port, 65_535) && port.Trim('0').Length > 0));
    }
}
