using System.Text.RegularExpressions;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;

namespace CallTracker.Calls.Tests.Srtp;

/// <summary>The harness's two trunks with settings for SRTP, and SDP with keys.</summary>
internal static partial class SrtpTrunks
{
    public const string CallerKey = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    public const string OtherKey = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";
    public const string ShopKey = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

    public static Harness UseSrtp(
        this Harness node, SrtpPolicy caller, SrtpPolicy shop, bool withoutTls = true, SrtpPolicy? second = null)
    {
        List<Trunk> trunks =
        [
            Make("carrier", caller, withoutTls, 5071, inbound: true), Make("shop", shop, withoutTls, 5080),
        ];
        if (second is { } policy) trunks.Add(Make("second", policy, withoutTls, 5081, priority: 200));
        node.Routes.Trunks = new TrunkTable([.. trunks]);
        return node;
    }

    public static string Line(string key = CallerKey, int tag = 1, string suite = "AES_CM_128_HMAC_SHA1_80") =>
        $"a=crypto:{tag} {suite} inline:{key}\r\n";

    public static string Sdp(int port, params string[] lines) =>
        Peer.Sdp(port, "a=sendrecv\r\n" + string.Concat(lines))
            .Replace("RTP/AVP", lines.Length > 0 ? "RTP/SAVP" : "RTP/AVP", StringComparison.Ordinal);

    /// <summary>The a=crypto lines of an SDP.</summary>
    public static List<(int Tag, string Suite, string Key)> Keys(SentMessage message) =>
        [.. CryptoLine().Matches(message.Body).Select(match =>
            (int.Parse(match.Groups[1].Value), match.Groups[2].Value, match.Groups[3].Value))];

    public static string Profile(SentMessage message) => ProfilePattern().Match(message.Body).Groups[1].Value;

    private static Trunk Make(
        string id, SrtpPolicy policy, bool withoutTls, int port, bool inbound = false, int priority = 100) => new()
        {
            Id = id,
            OperatorId = "op",
            Address = Harness.At(port),
            Prefixes = inbound ? [] : [ScriptedRoutes.Number("")],
            InboundFrom = inbound ? [new InboundSource(Harness.Carrier, 128)] : [],
            Srtp = policy,
            SrtpWithoutTls = withoutTls,
            Priority = priority,
        };

    [GeneratedRegex("a=crypto:(\\d+) (\\S+) inline:(\\S+)\r")]
    private static partial Regex CryptoLine();

    [GeneratedRegex("m=audio \\d+ (\\S+)")]
    private static partial Regex ProfilePattern();
}
