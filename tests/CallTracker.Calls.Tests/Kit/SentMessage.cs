using System.Text.RegularExpressions;
using CallTracker.Core.Net;
using CallTracker.Sip.Transactions;

namespace CallTracker.Calls.Tests.Kit;

/// <summary>A message the engine sent, with the few things tests ask of it.</summary>
internal sealed partial record SentMessage(IpEndpoint To, string Text, SipFlow Flow = default)
{
    public string StartLine => Text[..Text.IndexOf("\r\n", StringComparison.Ordinal)];

    public bool IsResponse => Text.StartsWith("SIP/2.0 ", StringComparison.Ordinal);

    public int Code => IsResponse ? int.Parse(Text.AsSpan(8, 3)) : 0;

    public string Method => IsResponse ? "" : Text[..Text.IndexOf(' ')];

    public string Uri => StartLine.Split(' ')[1];

    public string Body => Text[(Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    public string Header(string name)
    {
        var match = Regex.Match(Text, $"(?im)^{name}: *(.*?)\r$");
        return match.Success ? match.Groups[1].Value : "";
    }

    public IEnumerable<string> Headers(string name) =>
        Regex.Matches(Text, $"(?im)^{name}: *(.*?)\r$").Select(m => m.Groups[1].Value);

    public string Tag(string header) => TagPattern().Match(Header(header)).Groups[1].Value;

    public string Branch => BranchPattern().Match(Header("Via")).Groups[1].Value;

    /// <summary>The port of m=audio; 0 without SDP.</summary>
    public int AudioPort => Regex.Match(Body, @"m=audio (\d+)") is { Success: true } m
        ? int.Parse(m.Groups[1].Value)
        : 0;

    [GeneratedRegex(";tag=([^;>\\s]+)")]
    private static partial Regex TagPattern();

    [GeneratedRegex("branch=([^;\\s]+)")]
    private static partial Regex BranchPattern();
}
