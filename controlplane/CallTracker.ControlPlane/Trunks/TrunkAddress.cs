using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CallTracker.ControlPlane.Trunks;

/// <summary>Checks and rewrites the addresses of trunks into one form each. Stateless.</summary>
internal static class TrunkAddress
{
    private const int HostLengthMax = 253;
    private static readonly SearchValues<char> DigitsAndDots = SearchValues.Create("0123456789.");

    /// <summary><c>host</c>, <c>host:port</c>, <c>[v6]</c>, <c>[v6]:port</c>; null when it is none of them.</summary>
    public static string? Target(string text)
    {
        if (text.StartsWith('[')) return BracketedTarget(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon != text.LastIndexOf(':')) return IsAddress(text, AddressFamily.InterNetworkV6) ? $"[{text}]" : null;
        var host = colon < 0 ? text : text[..colon];
        if (!IsHost(host)) return null;
        if (colon < 0) return host.ToLowerInvariant();
        return Port(text[(colon + 1)..]) is { } port ? $"{host.ToLowerInvariant()}:{port}" : null;
    }

    /// <summary>
    /// <c>address</c>, <c>address:port</c>, <c>[v6]:port</c>, <c>address/length</c>, <c>host</c>, <c>host:port</c>;
    /// null when it is none.
    /// </summary>
    public static string? Source(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0) return Network(text, slash);
        if (text.StartsWith('[')) return BracketedTarget(text);
        if (IsAddress(text, AddressFamily.InterNetworkV6)) return IPAddress.Parse(text).ToString();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var address = colon < 0 ? text : text[..colon];
        if (colon != text.LastIndexOf(':') || !IsHost(address)) return null;
        if (colon < 0) return address.ToLowerInvariant();
        return Port(text[(colon + 1)..]) is { } port ? $"{address.ToLowerInvariant()}:{port}" : null;
    }

    // Host bits must be zero: "10.0.0.1/8" is more often a slip than an intent.
    private static string? Network(string text, int slash)
    {
        var length = text[(slash + 1)..];
        var isNumber = int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (!isNumber || !IPNetwork.TryParse(text, out var network)) return null;
        var isExact = IsAddress(text[..slash], network.BaseAddress.AddressFamily)
            && IPAddress.Parse(text[..slash]).Equals(network.BaseAddress);
        return isExact ? network.ToString() : null;
    }

    private static string? BracketedTarget(string text)
    {
        var end = text.IndexOf(']', StringComparison.Ordinal);
        if (end < 0 || !IsAddress(text[1..end], AddressFamily.InterNetworkV6)) return null;
        var rest = text[(end + 1)..];
        if (rest.Length == 0) return text;
        return rest[0] == ':' && Port(rest[1..]) is { } port ? $"{text[..(end + 1)]}:{port}" : null;
    }

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535
            ? port
            : null;

    // RFC 1123 section 2.1 for names; a text of digits and dots must be a whole IPv4 address.
    private static bool IsHost(string host)
    {
        if (host.Length is 0 or > HostLengthMax) return false;
        if (host.AsSpan().IndexOfAnyExcept(DigitsAndDots) < 0) return IsAddress(host, AddressFamily.InterNetwork);
        foreach (var label in host.Split('.'))
        {
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-') return false;
            if (!label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) return false;
        }
        return true;
    }

    // IPAddress accepts short forms (10.1 and 0x7f.1); only the written-out form of IPv4 is one of ours.
    private static bool IsAddress(string text, AddressFamily family)
    {
        if (!IPAddress.TryParse(text, out var address) || address.AddressFamily != family) return false;
        return family == AddressFamily.InterNetworkV6 ? address.ScopeId == 0 : address.ToString() == text;
    }
}
