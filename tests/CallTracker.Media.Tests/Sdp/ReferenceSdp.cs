using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace CallTracker.Media.Tests.Sdp;

/// <summary>
/// A second reading of SDP with strings and regular expressions, slow and in other words: the oracle of the fuzz tests.
/// Answers one question: which audio stream would be relayed, and where does it go.
/// </summary>
internal static class ReferenceSdp
{
    private static readonly string[] Profiles =
    [
        "RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF",
    ];

    /// <summary>"index address port direction mux", or null when there is nothing to relay.</summary>
    public static string? Read(byte[] sdp)
    {
        if (sdp.Length is 0 or > 8192) return null;
        var lines = Regex.Split(Encoding.Latin1.GetString(sdp), "\r?\n").Where(line => line.Length > 0).ToList();
        if (lines.Count == 0 || lines[0] != "v=0") return null;
        if (lines.Exists(line => !Regex.IsMatch(line, "\\A[a-z]=[^\r\0]*\\z"))) return null;
        var session = lines.TakeWhile(line => line[0] != 'm').ToList();
        var streams = Streams(lines);
        if (streams is null) return null;
        for (var i = 0; i < streams.Count; i++)
        {
            if (Relayed(streams[i], session) is { } relayed) return $"{i} {relayed}";
        }
        return null;
    }

    private static List<List<string>>? Streams(List<string> lines)
    {
        var streams = new List<List<string>>();
        foreach (var line in lines)
        {
            if (line[0] == 'm') streams.Add([]);
            if (streams.Count > 0) streams[^1].Add(line);
        }
        var areWhole = streams.TrueForAll(stream => MediaLine(stream[0]).Success && Port(stream[0]) >= 0);
        return areWhole && streams.Count <= 8 ? streams : null;
    }

    private static string? Relayed(List<string> stream, List<string> session)
    {
        var media = MediaLine(stream[0]);
        var port = Port(stream[0]);
        if (media.Groups["type"].Value != "audio" || port == 0) return null;
        if (!Profiles.Contains(media.Groups["proto"].Value, StringComparer.OrdinalIgnoreCase)) return null;
        var connection = stream.Find(line => line[0] == 'c') ?? session.Find(line => line[0] == 'c');
        if (connection is null || Address(connection) is not { } address) return null;
        var direction = Direction(stream) ?? Direction(session) ?? "sendrecv";
        // A browser says so that ICE will tell its address; for all others it is a hold of the old kind.
        var isBrowser = media.Groups["proto"].Value.Contains("TLS", StringComparison.OrdinalIgnoreCase);
        if (!isBrowser && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
            direction = direction is "sendrecv" or "sendonly" ? "sendonly" : "inactive";
        var mux = stream.Contains("a=rtcp-mux");
        return string.Create(CultureInfo.InvariantCulture, $"{address} {port} {direction} {mux}").ToLowerInvariant();
    }

    private static Match MediaLine(string line) =>
        Regex.Match(
            line,
            "\\Am=(?<type>[^ ]+) (?<port>[0-9]+)(?:/[^ ]*)? (?<proto>[^ ]+) (?<formats>.+)\\z",
            RegexOptions.Singleline);

    private static int Port(string line)
    {
        var digits = MediaLine(line).Groups["port"].Value.TrimStart('0');
        if (digits.Length == 0) return 0;
        if (digits.Length > 5) return -1;
        var port = int.Parse(digits, CultureInfo.InvariantCulture);
        return port <= 65535 ? port : -1;
    }

    private static string? Direction(List<string> lines) =>
        lines.FindLast(line => line is "a=sendrecv" or "a=sendonly" or "a=recvonly" or "a=inactive")?[2..];

    private static IPAddress? Address(string line)
    {
        var match = Regex.Match(line, "\\Ac=IN IP(?<version>[46]) (?<address>[0-9a-fA-F:.]+) *\\z");
        if (!match.Success) return null;
        var text = match.Groups["address"].Value;
        var isFour = match.Groups["version"].Value == "4";
        if (isFour && !Regex.IsMatch(text, "\\A([0-9]{1,3}\\.){3}[0-9]{1,3}\\z")) return null;
        if (isFour) text = string.Join('.', text.Split('.').Select(part => part.TrimStart('0').PadLeft(1, '0')));
        if (!IPAddress.TryParse(text, out var address)) return null;
        if (isFour != (address.AddressFamily == AddressFamily.InterNetwork)) return null;
        var bytes = address.GetAddressBytes();
        var isMulticast = isFour ? bytes[0] / 16 == 14 || bytes.All(octet => octet == 255) : bytes[0] == 255;
        return isMulticast ? null : address;
    }
}
