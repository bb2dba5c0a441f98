using System.Globalization;
using System.Text;

namespace CallTracker.EndToEnd.Tests.Sipp;

/// <summary>
/// Turns a script of one line per step into SIPp's XML. One scenario is built once, by one thread. The steps:
/// <code>
/// send METHOD [sdp word]      a request (sdp word large: over 1300 bytes); INVITE after the first is a re-INVITE.
///                             send ACK refusal: to a refusal
/// resend INVITE               the same bytes once more
/// answer CODE Reason [sdp]    to the last request; answer INVITE CODE Reason: to the first INVITE, after a CANCEL
/// send PRACK                  to the last 18x that came without ?
/// answer … sdp fork           a 2xx of another fork
/// recv CODE|METHOD [/regex/]  must come (and match); with ? it may come
/// header NAME: VALUE         one more line in the first INVITE; before it is sent
/// pause MS, rtp, rtp stop
/// dtmf DIGITS                 telephone-event of type 96 (in the SDP as events=96)
/// +Name: value                at the end of send and answer: one more header, as often as wanted
/// </code>
/// </summary>
internal sealed class SippScenario
{
    private readonly SippRole _role;
    private readonly StringBuilder _xml = new();
    private int _index;
    private int _inviteIndex;
    private int _cseq;
    private int _inviteCseq;
    private int _inviteCount;
    private string _lastRequest = "";
    private string _headers = "";
    private string _extra = "";

    private SippScenario(SippRole role)
    {
        _role = role;
        // Each side numbers its own requests; different starts show which side wrote one.
        _cseq = role == SippRole.Caller ? 0 : 100;
    }

    /// <summary>The scenario as SIPp reads it.</summary>
    public static string ToXml(SippRole role, string script)
    {
        var scenario = new SippScenario(role);
        scenario._xml.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scenario name=\"").Append(role)
            .Append("\">\n");
        foreach (var line in script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            scenario.Add(line);
        scenario.UseAllVariables();
        return scenario._xml.Append("</scenario>\n").ToString();
    }

    private void Add(string line)
    {
        var parts = line.Split(" +", StringSplitOptions.TrimEntries);
        _extra = string.Concat(parts.Skip(1).Select(header => header + "\n"));
        var words = parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words[0])
        {
            case "send": Send(words[1], words.Length > 2 ? words[2] : ""); break;
            case "resend": Resend(); break;
            case "header": _headers += line["header ".Length..] + "\n"; break;
            case "answer": Answer(words); break;
            case "recv": Receive(words[1], line.Contains('/') ? line[line.IndexOf('/')..].Trim('/') : ""); break;
            case "pause": Element($"<pause milliseconds=\"{words[1]}\"/>"); break;
            case "dtmf": Element($"<nop><action><exec play_dtmf=\"{words[1]}\"/></action></nop>"); break;
            case "rtp": Rtp(words.Length > 1 ? "pause" : "audio.pcma,-1,8,PCMA/8000"); break;
            default: throw new ArgumentException($"no such step: {line}");
        }
    }

    private void Send(string method, string word)
    {
        var isFirstInvite = method == "INVITE" && _inviteCount == 0;
        if (method is not ("ACK" or "CANCEL")) _cseq++;
        if (method == "INVITE")
        {
            _inviteCount++;
            _inviteCseq = _cseq;
            _inviteIndex = _index;
        }
        var request = method switch
        {
            "INVITE" when isFirstInvite => SippText.FirstInvite(word, _headers),
            "ACK" when word == "refusal" => SippText.AckOfRefusal(_inviteCseq),
            "CANCEL" => SippText.Cancel(_inviteCseq, _index - _inviteIndex),
            "PRACK" => SippText.Prack(_cseq, _inviteCseq),
            _ => SippText.InDialog(_role, method, method == "ACK" ? _inviteCseq : _cseq, word),
        };
        Message(WithExtra(request), retransmits: method != "ACK");
    }

    private void Resend() => Message(
        SippText.FirstInvite("", _headers)
            .Replace("[branch]", $"[branch-{_index - _inviteIndex}]", StringComparison.Ordinal),
        retransmits: false);

    private void Answer(string[] words)
    {
        var toFirstInvite = words[1] == "INVITE";
        var rest = words[(toFirstInvite ? 2 : 1)..];
        var sdp = Array.IndexOf(rest, "sdp");
        var status = string.Join(' ', sdp < 0 ? rest : rest[..sdp]);
        var word = sdp < 0 ? "none" : rest.Length > sdp + 1 ? rest[sdp + 1] : "sendrecv";
        var isNewDialog = _lastRequest == "CANCEL" || (_lastRequest == "INVITE" && _inviteCount == 1);
        var addsTag = _role == SippRole.Shop && isNewDialog;
        var isFinal = status[0] != '1' && (toFirstInvite || _lastRequest == "INVITE");
        Message(WithExtra(SippText.Response(status, toFirstInvite, addsTag, word)), retransmits: isFinal);
    }

    private void Receive(string what, string pattern)
    {
        var isOptional = what.EndsWith('?');
        var name = what.TrimEnd('?');
        var isResponse = char.IsAsciiDigit(name[0]);
        var isFirstInvite = name == "INVITE" && _inviteCount == 0;
        var isAnswer = _role == SippRole.Caller && name[0] is '1' or '2';
        var isRinging = isAnswer && !isOptional && name.StartsWith("18", StringComparison.Ordinal);
        if (!isResponse) _lastRequest = name;
        if (name == "INVITE") _inviteCount++;
        var head = string.Create(CultureInfo.InvariantCulture,
            $"<recv {(isResponse ? "response" : "request")}=\"{name}\"{(isOptional ? " optional=\"true\"" : "")}"
            + $"{(isFirstInvite || isRinging || name == "200" ? " rrs=\"true\"" : "")}");
        var actions = (isFirstInvite ? SippText.RememberInvite : "")
            + (isAnswer && !isOptional && name == "200" ? SippText.RememberPeer : "")
            + (isRinging ? SippText.RememberPeer + SippText.RememberRSeq : "")
            + (pattern.Length > 0 ? SippText.MustMatch(pattern) : "");
        Element(actions.Length == 0 ? head + "/>" : $"{head}>\n<action>\n{actions}</action>\n</recv>");
    }

    private void Rtp(string what) => Element($"<nop><action><exec rtp_stream=\"{what}\"/></action></nop>");

    private string WithExtra(string message) => _extra.Length == 0
        ? message
        : message.Replace("\nContact: ", "\n" + _extra + "Contact: ", StringComparison.Ordinal);

    private void Message(string text, bool retransmits)
        => Element($"<send{(retransmits ? " retrans=\"500\"" : "")}>\n<![CDATA[\n{text}\n]]>\n</send>");

    private void Element(string xml)
    {
        _xml.Append(xml).Append('\n');
        _index++;
    }

    // SIPp refuses a scenario with a variable that is set and never read.
    private void UseAllVariables()
    {
        foreach (var name in new[] { "peer", "own", "invite_cseq", "invite_via", "rseq", "matched" })
            if (_xml.ToString().Contains($"assign_to=\"{name}\"")) _xml.Append($"<Reference variables=\"{name}\"/>\n");
    }
}
