using CallTracker.Contracts.Routes;

namespace CallTracker.ControlPlane.Trunks;

/// <summary>Makes the stored form of a trunk out of a document that was found good. Stateless.</summary>
internal static class TrunkComposing
{
    public static TrunkRecord Compose(TrunkBody input, string trunkId, string operatorId, string secretSealed) => new()
    {
        TrunkId = trunkId,
        OperatorId = operatorId,
        SecretSealed = secretSealed,
        Username = input.Username ?? "",
        Realm = input.Realm ?? "",
        Name = input.Name,
        Address = input.Address,
        Prefixes = input.Prefixes,
        InboundFrom = input.InboundFrom,
        Priority = input.Priority,
        Weight = input.Weight,
        Transport = input.Transport,
        Register = input.Register,
        RegisterExpiresSec = input.RegisterExpiresSec,
        AcceptsRegistration = input.AcceptsRegistration,
        ChallengeInbound = input.ChallengeInbound,
        Codecs = input.Codecs,
        ChannelsMax = input.ChannelsMax,
        CpsMax = input.CpsMax,
        Trusted = input.Trusted,
        IdentityHeader = input.IdentityHeader,
        ForwardingHeader = input.ForwardingHeader,
        ReliableProvisional = input.ReliableProvisional,
        SessionExpiresSec = input.SessionExpiresSec,
        SessionMinSec = input.SessionMinSec,
        Refer = input.Refer,
        Redirect = input.Redirect,
        MediaAsymmetric = input.MediaAsymmetric,
        Media = input.Media,
        Ringback = input.Ringback,
        HoldMusic = input.HoldMusic,
        Dtmf = input.Dtmf,
        Transcode = input.Transcode,
        ProbeSec = input.ProbeSec,
        Stir = input.Stir,
        StirRefuse = input.StirRefuse,
        Srtp = input.Srtp,
        SrtpWithoutTls = input.SrtpWithoutTls,
        Enabled = input.Enabled,
    };
}
