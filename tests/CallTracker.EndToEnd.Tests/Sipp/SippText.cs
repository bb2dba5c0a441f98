using System.Globalization;
using System.Security;

namespace CallTracker.EndToEnd.Tests.Sipp;

/// <summary>The messages and actions that scenarios are made of, in SIPp's own keywords. Stateless.</summary>
internal static class SippText
{
    /// <summary>The called side keeps both parties of the first INVITE, to write requests of its own.</summary>
    public const string RememberInvite =
        """
        <ereg regexp=".*" search_in="hdr" header="From:" check_it="true" assign_to="peer"/>
        <ereg regexp=".*" search_in="hdr" header="To:" check_it="true" assign_to="own"/>
        <ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" check_it="true" assign_to="invite_cseq"/>
        <ereg regexp=".*" search_in="hdr" header="Via:" check_it="true" assign_to="invite_via"/>

        """;

    /// <summary>The calling side keeps the called party with its tag.</summary>
    public const string RememberPeer =
        """
        <ereg regexp=".*" search_in="hdr" header="To:" check_it="true" assign_to="peer"/>

        """;

    /// <summary>The number of a reliable response, for the PRACK; nothing when it is not reliable.</summary>
    public const string RememberRSeq =
        """
        <ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" check_it="false" assign_to="rseq"/>

        """;

    private const string Via = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport";
    private const string ShopTag = ";tag=shop[pid]-[call_number]";
    private const string CallerParty = "<sip:[caller]@[local_ip]:[local_port]>;tag=caller[pid]-[call_number]";
    private const string CalledParty = "<sip:[service]@[remote_ip]:[remote_port]>";
    private const string Empty = "Content-Length: 0\n\n";

    /// <summary>The message must match, or the call has failed.</summary>
    public static string MustMatch(string pattern)
        => $"<ereg regexp=\"{SecurityElement.Escape(pattern)}\" search_in=\"msg\" check_it=\"true\" "
            + "assign_to=\"matched\"/>\n";

    public static string FirstInvite(string word, string headers = "") =>
        $"""
        INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
        {Via}
        From: {CallerParty}
        To: {CalledParty}
        Call-ID: [call_id]
        CSeq: 1 INVITE
        Contact: <sip:[caller]@[local_ip]:[local_port]>
        Max-Forwards: {(word == "hop" ? 0 : 70)}
        Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO
        {headers}{Body(word)}
        """;

    public static string AckOfRefusal(int cseq) => string.Create(CultureInfo.InvariantCulture,
        $"""
        ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
        [last_Via:]
        [last_From:]
        [last_To:]
        Call-ID: [call_id]
        CSeq: {cseq} ACK
        Max-Forwards: 70
        {Empty}
        """);

    public static string Cancel(int cseq, int stepsSinceInvite) => string.Create(CultureInfo.InvariantCulture,
        $"""
        CANCEL sip:[service]@[remote_ip]:[remote_port] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-{stepsSinceInvite}];rport
        From: {CallerParty}
        To: {CalledParty}
        Call-ID: [call_id]
        CSeq: {cseq} CANCEL
        Max-Forwards: 70
        {Empty}
        """);

    /// <summary>Only the calling side sends it.</summary>
    public static string Prack(int cseq, int inviteCseq) =>
        InDialog(SippRole.Caller, "PRACK", cseq, "").Replace(
            "\nContact: ",
            string.Create(CultureInfo.InvariantCulture, $"\nRAck: [$rseq] {inviteCseq} INVITE\nContact: "),
            StringComparison.Ordinal);

    public static string InDialog(SippRole role, string method, int cseq, string word) =>
        string.Create(CultureInfo.InvariantCulture,
        $"""
        {method} [next_url] SIP/2.0
        {Via}
        [routes]
        From: {(role == SippRole.Caller ? CallerParty : "[$own]" + ShopTag)}
        To: [$peer]
        Call-ID: [call_id]
        CSeq: {cseq} {method}
        Contact: <sip:peer@[local_ip]:[local_port]>
        Max-Forwards: 70
        {(HasBody(method, word) ? Body(word) : method == "INFO" ? Dtmf : Empty)}
        """);

    private static bool HasBody(string method, string word) =>
        method == "INVITE" || (method == "UPDATE" && word.Length > 0);

    public static string Response(string status, bool toFirstInvite, bool addsTag, string sdp) =>
        $"""
        SIP/2.0 {status}
        {(toFirstInvite ? "Via:[$invite_via]" : "[last_Via:]")}
        [last_Record-Route:]
        [last_From:]
        {(sdp == "fork" ? "To:[$own];tag=fork[pid]" : "[last_To:]" + (addsTag ? ShopTag : ""))}
        [last_Call-ID:]
        {(toFirstInvite ? "CSeq: [$invite_cseq] INVITE" : "[last_CSeq:]")}
        Contact: <sip:peer@[local_ip]:[local_port]>
        {Body(sdp)}
        """;

    // The media port of a caller is that of SIPp's player, that of a shop the port of its echo; both are -mp.
    private static string Body(string word) => word switch
    {
        "none" or "no-sdp" => Empty,
        "junk" => Session("this is no session description\n"),
        "video" => Session(Head + "m=video [media_port] RTP/AVP 96\na=rtpmap:96 H264/90000\n"),
        "large" => Session(Audio + string.Concat(Enumerable.Repeat(Filler, 20))),
        "sendonly" or "recvonly" or "inactive" => Session(Audio + $"a={word}\n"),
        // Another program listens at that port; port=4000,recvonly says a direction.
        _ when word.StartsWith("port=", StringComparison.Ordinal) => Elsewhere(word[5..].Split(',')),
        "events=96" => Session(Audio.Replace("101", "96", StringComparison.Ordinal) + "a=sendrecv\n"),
        "pcmu" => Session(Head + "m=audio [media_port] RTP/AVP 0\na=rtpmap:0 PCMU/8000\n"),
        _ => Session(Audio + "a=sendrecv\n"),
    };

    private const string Head = "v=0\no=sipp 1 1 IN IP[local_ip_type] [local_ip]\ns=-\n"
        + "c=IN IP[media_ip_type] [media_ip]\nt=0 0\n";

    private const string Audio = Head + "m=audio [media_port] RTP/AVP 8 101\na=rtpmap:8 PCMA/8000\n"
        + "a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\na=ptime:20\n";

    private const string Filler = "a=fmtp:8 filler=012345678901234567890123456789012345678901234567890123456789\n";

    private const string Dtmf =
        "Content-Type: application/dtmf-relay\nContent-Length: [len]\n\nSignal=5\nDuration=160\n";

    private static string Elsewhere(string[] words) => Session(
        Audio.Replace("[media_port]", words[0], StringComparison.Ordinal)
        + $"a={(words.Length > 1 ? words[1] : "sendrecv")}\n");

    private static string Session(string text) => $"Content-Type: application/sdp\nContent-Length: [len]\n\n{text}";
}
