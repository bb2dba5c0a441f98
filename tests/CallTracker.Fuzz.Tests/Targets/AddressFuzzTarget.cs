using System.Text;
using System.Text.RegularExpressions;
using CallTracker.Sip.Parsing;

namespace CallTracker.Fuzz.Tests.Targets;

/// <summary>
/// Addresses: the input stands as From of a message, judged by the reference parser; the URI in it is taken apart by a
/// regular expression as well. One thread.
/// </summary>
internal sealed class AddressFuzzTarget : IFuzzTarget
{
    private const string SipUri =
        @"\A(?i:sips?):(?:(?<user>[^@:]*)(?::[^@]*)?@)?(?<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._]+)" +
        @"(?::(?<port>[0-9]+))?(?<parameters>(?:;[^?]*)?)(?:\?(?<headers>.*))?\z";

    private readonly SipOracle _oracle = new();

    public string Name => "Address";

    public IReadOnlyList<string> Pieces { get; } =
    [
        "\"", "\\", "<", ">", "sip:", "sips:", "tel:", "@", ":", ";", "=", ",", "?", "%41", "%", "[::1]", "[", "]",
        ";tag=", ";lr", ";transport=tcp", ";phone-context=+81", "+81-3", "\"a\\\"b\" ", ":5060", ":0", ":65536", " ",
        "\t", "anonymous.invalid", "?a=b&c", "*", "\u3042",
    ];

    public bool Run(byte[] input)
    {
        // One line: what ends lines is the message's business.
        if (input.AsSpan().IndexOfAny((byte)'\r', (byte)'\n') >= 0) return false;
        if (NameAddrView.TryParse(input, out var address)) CheckUri(address.Uri);
        CheckUri(input);
        byte[] message =
        [
            .. "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: "u8, .. input,
            .. "\r\nTo: <sip:a>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"u8,
        ];
        return _oracle.Check(message);
    }

    private static void CheckUri(ReadOnlySpan<byte> text)
    {
        if (!SipUriView.TryParse(text, out var uri)) return;
        if (uri.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips)) return;
        var match = Regex.Match(Text(text), SipUri, RegexOptions.Singleline);
        if (!match.Success) throw new FuzzException("The parser takes a SIP URI that the expression refuses");
        var host = uri.IsIpv6Reference ? $"[{Text(uri.Host)}]" : Text(uri.Host);
        var port = match.Groups["port"].Success ? int.Parse(match.Groups["port"].Value, null) : 0;
        Require(host, match.Groups["host"].Value, "host");
        Require(uri.Port.ToString(null, null), port.ToString(null, null), "port");
        Require(Text(uri.User), match.Groups["user"].Value, "user");
        var parameters = match.Groups["parameters"].Value.TrimStart(';');
        Require(Text(uri.Parameters.Text).TrimStart(';'), parameters, "parameters");
        Require(Text(uri.Headers), match.Groups["headers"].Value, "headers");
    }

    private static void Require(string actual, string expected, string what)
    {
        if (actual != expected) throw new FuzzException($"The {what} is '{actual}', by the expression '{expected}'");
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
