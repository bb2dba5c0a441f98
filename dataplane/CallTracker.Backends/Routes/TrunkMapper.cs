using System.Text;
using System.Text.Json;
using CallTracker.Backends.Dns;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Contracts;
using CallTracker.Contracts.Routes;

namespace CallTracker.Backends.Routes;

/// <summary>
/// Turns the stored form of a trunk into what workers use. Stateless; the feed's task.
/// </summary>
internal static class TrunkMapper
{
    // As the control plane permits. A worker keeps the moments of so many calls: it must not end over a record that a
    // hand has been in.
    private const int CpsMost = 10_000;

    public static TrunkRecord? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            var record = JsonSerializer.Deserialize(json, ContractJson.Default.TrunkRecord);
            return record is { V: <= 1 } && !HasNulls(record) ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The generated reader gives null where the JSON has it, whatever the type says. A word that is null is none that
    // is known, so the settings need no look here.
    private static bool HasNulls(TrunkRecord record) =>
        record.TrunkId is null || record.OperatorId is null || record.Address is null || record.SecretSealed is null
        || HasNulls(record.Prefixes) || HasNulls(record.InboundFrom) || HasNulls(record.Codecs);

    private static bool HasNulls(IReadOnlyList<string>? list) => list is null || list.Any(text => text is null);

    /// <summary>Null when a part makes no sense or nothing is known of the name yet.</summary>
    /// <param name="record">The stored form.</param>
    /// <param name="cipher">Opens its secret; null when there is no key.</param>
    /// <param name="find">What is known of a name; null when nothing is.</param>
    /// <param name="before">The same trunk as it was: what workers learnt of it goes on to hold.</param>
    public static Trunk? TryMap(
        TrunkRecord record, TrunkSecretCipher? cipher, Func<SipName, LocatedName?> find, Trunk? before)
    {
        if (!RouteMapper.IsId(record.TrunkId) || !RouteMapper.IsId(record.OperatorId)) return null;
        if (!TrunkSettings.TryRead(record, cipher, out var settings)) return null;
        if (TrunkPlaces.TryFind(record, settings.Transport, find, before) is not { } places) return null;
        var prefixes = new PhoneNumber[record.Prefixes.Count];
        for (var i = 0; i < prefixes.Length; i++)
        {
            var isAll = record.Prefixes[i].Length == 0;
            if (!isAll && !RouteMapper.TryPack(record.Prefixes[i], out prefixes[i])) return null;
        }
        if (TrunkPlaces.TryFindSources(record, settings.Transport, find) is not { } sources) return null;
        return new Trunk
        {
            Id = record.TrunkId,
            OperatorId = record.OperatorId,
            Address = places.Length > 0 ? places[0].Address : default,
            Endpoints = places,
            UriHost = TrunkPlaces.UriHostOf(record),
            Load = before?.Load ?? new TrunkLoad(),
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
            CpsMax = Math.Clamp(record.CpsMax, 0, CpsMost),
            Trusted = record.Trusted,
            IdentityHeader = settings.IdentityHeader,
            ForwardingHeader = settings.ForwardingHeader,
            ReliableProvisional = settings.ReliableProvisional,
            SessionExpiresSec = record.SessionExpiresSec,
            SessionMinSec = record.SessionMinSec,
            Refer = settings.Refer,
            Redirect = settings.Redirect,
            MediaAsymmetric = record.MediaAsymmetric,
            IsMediaDirect = settings.IsMediaDirect,
            Ringback = settings.Ringback,
            HoldMusic = record.HoldMusic ?? "",
            Dtmf = settings.Dtmf,
            Transcode = settings.Transcode,
            ProbeSec = record.ProbeSec,
            Stir = settings.Stir,
            StirRefuse = record.StirRefuse,
            Srtp = settings.Srtp,
            SrtpWithoutTls = record.SrtpWithoutTls,
            ServerName = HostText.TrySplit(record.Address, out var host, out _) ? host : "",
        };
    }
}
