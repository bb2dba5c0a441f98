using CallTracker.Calls.Routing;

namespace CallTracker.Calls.Tests.Kit;

/// <summary>The harness's two trunks with settings for dialogs.</summary>
internal static class DialogTrunks
{
    /// <summary>Gives both trunks these settings.</summary>
    public static Harness UseTrunks(
        this Harness node, ReliableProvisional reliable = ReliableProvisional.Off, int expiresSec = 1800,
        int minSec = 90, RedirectPolicy redirect = RedirectPolicy.Refuse, ReliableProvisional? shopReliable = null,
        ReferPolicy refer = ReferPolicy.Refuse, TrunkRingback ringback = TrunkRingback.Inherit,
        bool mediaAsymmetric = false, string holdMusic = "",
        params string[] shopCodecs)
    {
        node.Routes.Trunks = new TrunkTable(
        [
            new Trunk
            {
                Id = "carrier",
                OperatorId = "op",
                Address = Harness.Carrier,
                Prefixes = [],
                InboundFrom = [new InboundSource(Harness.Carrier, 128)],
                ReliableProvisional = reliable,
                SessionExpiresSec = expiresSec,
                SessionMinSec = minSec,
                HoldMusic = holdMusic,
            },
            new Trunk
            {
                Id = "shop",
                OperatorId = "op",
                Address = Harness.Shop,
                Prefixes = [ScriptedRoutes.Number("")],
                InboundFrom = [],
                ReliableProvisional = shopReliable ?? reliable,
                SessionExpiresSec = expiresSec,
                SessionMinSec = minSec,
                HoldMusic = holdMusic,
                Redirect = redirect,
                Refer = refer,
                Ringback = ringback,
                MediaAsymmetric = mediaAsymmetric,
                Codecs = [.. shopCodecs.Select(System.Text.Encoding.ASCII.GetBytes)],
            },
        ]);
        return node;
    }

    /// <summary>A reliable 18x of the shop.</summary>
    public static string Reliable(
        SentMessage invite, int code, int rseq, string body = "", string tag = "s1", string allow = "") =>
        Peer.Answer(
            invite, code, body, tag,
            headers: $"Require: 100rel\r\nRSeq: {rseq}\r\n{(allow.Length > 0 ? $"Allow: {allow}\r\n" : "")}");

    /// <summary>The caller's PRACK to a reliable 18x.</summary>
    public static string Prack(SentMessage ringing, int cseq, string body = "") => Peer.FromCaller(
        ringing, "PRACK", cseq, $"prack{cseq}", body, headers: $"RAck: {ringing.Header("RSeq")} 1 INVITE\r\n");
}
