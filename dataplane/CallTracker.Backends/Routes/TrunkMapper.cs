using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Contracts;
using CallTracker.Contracts.Routes;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Backends.Routes;

/// <summary>
/// Turns the stored form of a trunk into what workers use; resolves names. Stateless; the feed's task.
/// </summary>
internal static class TrunkMapper
{
    private const ushort DefaultPort = 5060;
    private const ushort DefaultTlsPort = 5061;
    private const int Ipv4Bits = 96;

    public static TrunkRecord? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            var record = JsonSerializer.Deserialize(json, ContractJson.Default.TrunkRecord);
            return record is { V: <= 1, Prefixes: not null, InboundFrom: not null, Codecs: not null } ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null when a part makes no sense or the name cannot be resolved now.</summary>
    public static async Task<Trunk?> TryMapAsync(TrunkRecord record, TrunkSecretCipher? cipher, CancellationToken ct)
    {
        if (!RouteMapper.IsId(record.TrunkId) || !RouteMapper.IsId(record.OperatorId)) return null;
        if (!TrunkSettings.TryRead(record, cipher, out var settings)) return null;
        if (await TryResolveAsync(record, settings.Transport, ct) is not { } address) return null;
        var prefixes = new PhoneNumber[record.Prefixes.Count];
        for (var i = 0; i < prefixes.Length; i++)
        {
            var isAll = record.Prefixes[i].Length == 0;
            if (!isAll && !RouteMapper.TryPack(record.Prefixes[i], out prefixes[i])) return null;
        }
        var sources = new InboundSource[record.InboundFrom.Count];
        for (var i = 0; i < sources.Length; i++)
        {
            if (!TryParseSource(record.InboundFrom[i], out sources[i])) return null;
        }
        return new Trunk
        {
            Id = record.TrunkId,
            OperatorId = record.OperatorId,
            Address = address,
            Domain = TrySplit(record.Address, out var host, out _) ? Encoding.UTF8.GetBytes(host) : [],
            Prefixes = prefixes,
            InboundFrom = sources,
            Priority = record.Priority,
            Weight = record.Weight,
            Transport = settings.Transport,
            Credentials = settings.Credentials,
            Register = record.Register,
            RegisterExpiresSec = record.RegisterExpiresSec,
            AcceptsRegistration = record.AcceptsRegistration,
            ChallengeInbound = record.ChallengeInbound,
            Codecs = [.. record.Codecs.Select(Encoding.UTF8.GetBytes)],
            ChannelsMax = record.ChannelsMax,
            CpsMax = record.CpsMax,
            Trusted = record.Trusted,
            IdentityHeader = settings.IdentityHeader,
            ForwardingHeader = settings.ForwardingHeader,
            ReliableProvisional = settings.ReliableProvisional,
            SessionExpiresSec = record.SessionExpiresSec,
            SessionMinSec = record.SessionMinSec,
            Refer = settings.Refer,
            Redirect = settings.Redirect,
            ProbeSec = record.ProbeSec,
            Stir = settings.Stir,
        };
    }

    /// <summary>True when the address is a name, which may come to mean another machine.</summary>
    public static bool IsName(TrunkRecord record) =>
        TrySplit(record.Address, out var host, out _) && !TryParseAddress(host, 0, out _);

    // address, address:port, [v6]:port, address/prefix-length
    public static bool TryParseSource(string text, out InboundSource source)
    {
        source = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            if (!TryParseAddress(text[..slash].Trim('[', ']'), 0, out var range)) return false;
            if (!TryParseCount(text.AsSpan(slash + 1), range.IsIpv4 ? 32 : 128, out var bits)) return false;
            source = new InboundSource(range, range.IsIpv4 ? Ipv4Bits + bits : bits);
            return true;
        }
        if (!TrySplit(text, out var host, out var port) || !TryParseAddress(host, port, out var address)) return false;
        source = new InboundSource(address, 128);
        return true;
    }

    // A trunk that registers with us may have no address before it has.
    private static async Task<IpEndpoint?> TryResolveAsync(
        TrunkRecord record, SipTransportKind transport, CancellationToken ct)
    {
        if (record is { AcceptsRegistration: true, Address.Length: 0 }) return default(IpEndpoint);
        if (!TrySplit(record.Address, out var host, out var named)) return null;
        var port = named != 0 ? named : transport == SipTransportKind.Tls ? DefaultTlsPort : DefaultPort;
        if (TryParseAddress(host, port, out var literal)) return literal;
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, ct);
            return addresses.Length > 0 ? IpEndpoint.From(addresses[0], port) : null;
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ArgumentException)
        {
            return null;
        }
    }

    // host, host:port, v6 alone, [v6], [v6]:port; the port is 0 when none is named.
    private static bool TrySplit(string text, out string host, out ushort port)
    {
        (host, port) = (text, 0);
        if (text.Length is 0 or > 255) return false;
        if (text[0] == '[')
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0) return false;
            host = text[1..end];
            if (end + 1 == text.Length) return true;
            return text[end + 1] == ':' && TryParsePort(text.AsSpan(end + 2), out port);
        }
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || text.LastIndexOf(':') != colon) return true;
        host = text[..colon];
        return host.Length > 0 && TryParsePort(text.AsSpan(colon + 1), out port);
    }

    private static bool TryParseAddress(string text, ushort port, out IpEndpoint address)
    {
        Span<byte> bytes = stackalloc byte[IpEndpoint.TextLengthMax];
        address = default;
        return Encoding.UTF8.TryGetBytes(text, bytes, out var length)
            && IpEndpoint.TryParseAddress(bytes[..length], port, out address);
    }

    private static bool TryParsePort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0;

    private static bool TryParseCount(ReadOnlySpan<char> text, int max, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= max;
}
