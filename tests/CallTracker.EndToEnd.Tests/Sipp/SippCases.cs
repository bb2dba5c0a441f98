using CallTracker.EndToEnd.Tests.Calls;

namespace CallTracker.EndToEnd.Tests.Sipp;

/// <summary>The scenarios of the set, by name. Constant.</summary>
internal static class SippCases
{
    private const string Late =
        """
        send INVITE
        recv 100?
        recv 183?
        recv 180?
        recv 200
        send ACK
        pause 300
        send BYE
        recv 200
        """;

    public static IReadOnlyDictionary<string, SippCase> All { get; } = new Dictionary<string, SippCase>
    {
        ["udp"] = Udp,
        ["tcp"] = Tcp,
        ["hold"] = Hold,
        ["reliable"] = Reliable,
        ["early media"] = EarlyMedia,
        ["withheld"] = Withheld,
        ["hunting"] = Hunting,
        ["hops"] = Hops,
        ["ladder"] = Ladder,
        ["signed"] = Signed,
    };

    private static SippCase Udp => new()
    {
        Point = "transports",
        Caller = Scripts.ShortTalk,
        Shops = [Scripts.Answer],
        TakesLoss = true,
    };

    private static SippCase Tcp => new()
    {
        Point = "transports",
        Caller = Scripts.ShortTalk,
        Shops = [Scripts.Answer],
        Transport = "t1",
    };

    private static SippCase Hold => new()
    {
        Point = "dialogs",
        Caller = """
            send INVITE
            recv 100?
            recv 180?
            recv 200
            send ACK
            pause 100
            send INVITE sendonly
            recv 100?
            recv 200 /a=recvonly/
            send ACK
            pause 100
            send BYE
            recv 200
            """,
        Shops =
        [
            """
            recv INVITE
            answer 200 OK sdp
            recv ACK
            recv INVITE /a=sendonly/
            answer 200 OK sdp recvonly
            recv ACK
            recv BYE
            answer 200 OK
            """,
        ],
    };

    private static SippCase Reliable => new()
    {
        Point = "dialogs",
        Reliable = "supported",
        Caller = """
            send INVITE +Supported: 100rel
            recv 100?
            recv 183 /Require: 100rel/
            send PRACK
            recv 200 /PRACK/
            recv 200 /INVITE/
            send ACK
            pause 100
            send BYE
            recv 200
            """,
        Shops =
        [
            """
            recv INVITE /Supported: 100rel/
            answer 183 Session Progress sdp +Require: 100rel +RSeq: 5
            recv PRACK /RAck: 5 1 INVITE/
            answer 200 OK
            pause 100
            answer INVITE 200 OK
            recv ACK
            recv BYE
            answer 200 OK
            """,
        ],
    };

    private static SippCase EarlyMedia => new()
    {
        Point = "early media",
        Caller = Late,
        Shops =
        [
            Scripts.Answer.Replace(
                "answer 180", "answer 183 Session Progress sdp\npause 100\nanswer 180", StringComparison.Ordinal),
        ],
        TakesLoss = true,
    };

    private static SippCase Withheld => new()
    {
        Point = "identity",
        Caller = "header P-Asserted-Identity: <tel:+81398765432>\nheader Privacy: user;id\n" + Scripts.ShortTalk,
        Shops = [Scripts.Answer.Replace("recv INVITE", "recv INVITE /From: .*anonymous@anonymous.invalid/",
            StringComparison.Ordinal)],
        TakesLoss = true,
    };

    private static SippCase Hunting => new()
    {
        Point = "trunks",
        Caller = Scripts.ShortTalk,
        Shops = [Scripts.Busy, Scripts.Answer],
        Attempts = [486, 200],
        TakesLoss = true,
    };

    private static SippCase Hops => new()
    {
        Point = "protection",
        Caller = "send INVITE hop\nrecv 100?\nrecv 483\nsend ACK refusal\n",
        Shops = [],
        DialStat = "",
    };

    private static SippCase Ladder => new()
    {
        Point = "tracing",
        Caller = Scripts.Refused(486),
        Shops = [Scripts.Busy],
        DialStat = "busy",
        Attempts = [486],
        HasLadder = true,
        TakesLoss = true,
    };

    private static SippCase Signed => new()
    {
        Point = "STIR",
        Caller = Scripts.ShortTalk,
        Trunk = new { stir = "sign" },
        Shops = [Scripts.Answer.Replace("recv INVITE", "recv INVITE /Identity: .*ppt=/", StringComparison.Ordinal)],
        TakesLoss = true,
    };
}
