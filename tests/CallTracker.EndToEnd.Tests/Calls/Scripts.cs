namespace CallTracker.EndToEnd.Tests.Calls;

/// <summary>Scripts that many tests play. Constant.</summary>
internal static class Scripts
{
    /// <summary>Calls, talks for two seconds with audio, hangs up.</summary>
    public const string Talk =
        """
        send INVITE
        recv 100?
        recv 180?
        recv 200
        send ACK
        rtp
        pause 2000
        rtp stop
        send BYE
        recv 200
        """;

    /// <summary>Calls, talks for a moment, hangs up.</summary>
    public const string ShortTalk =
        """
        send INVITE
        recv 100?
        recv 180?
        recv 200
        send ACK
        pause 300
        send BYE
        recv 200
        """;

    /// <summary>Rings, answers, and waits for the other side to hang up.</summary>
    public const string Answer =
        """
        recv INVITE
        answer 180 Ringing
        pause 100
        answer 200 OK sdp
        recv ACK
        recv BYE
        answer 200 OK
        """;

    /// <summary>Says that the line is busy.</summary>
    public const string Busy =
        """
        recv INVITE
        answer 486 Busy Here
        recv ACK
        """;

    /// <summary>Rings until the call is taken back.</summary>
    public const string RingForever =
        """
        recv INVITE
        answer 180 Ringing
        recv CANCEL
        answer 200 OK
        answer INVITE 487 Request Terminated
        recv ACK
        """;

    /// <summary>Calls and is refused with this status.</summary>
    public static string Refused(int code) => $"send INVITE\nrecv 100?\nrecv 180?\nrecv {code}\nsend ACK refusal\n";
}
