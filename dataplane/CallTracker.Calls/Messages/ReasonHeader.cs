using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>
/// Reads Reason (RFC 3326) of the side that ends a call, and makes the values of our own ends. Protocol and cause are
/// carried; the text is written anew, because a peer's own words may tell of its inside. Stateless.
/// </summary>
internal static class ReasonHeader
{
    private const int CauseMax = 699;
    private const int ValuesMax = 2;

    /// <summary>Notes what a BYE, CANCEL or refusal says; unknown protocols and causes are passed over.</summary>
    public static void Read(ReasonNote note, SipMessage message)
    {
        note.Clear();
        var left = ValuesMax;
        for (var i = 0; i < message.Count(SipHeaderKind.Reason) && left > 0; i++)
        {
            var rest = message.Header(SipHeaderKind.Reason, i);
            while (!rest.IsEmpty && left > 0)
            {
                var comma = SipText.IndexOutsideQuotes(rest, (byte)',');
                if (comma == -2) return;
                if (TryAdd(note, SipText.Trim(comma < 0 ? rest : rest[..comma]))) left--;
                rest = comma < 0 ? default : rest[(comma + 1)..];
            }
        }
    }

    /// <summary>
    /// The node's own reason for an end; Q.850 for the networks behind, SIP where a status says more.
    /// </summary>
    public static void Make(ReasonNote note, EndReason reason, MediaFault fault = MediaFault.None)
    {
        note.Clear();
        switch (reason)
        {
            case EndReason.RingTimeout: AddQ850(note, 19); break;
            case EndReason.TrunkTimeout: AddQ850(note, 102); break;
            case EndReason.DurationLimit: AddQ850(note, 31); break;
            case EndReason.Drain: AddQ850(note, 41); break;
            case EndReason.ProtocolError: AddQ850(note, 111); break;
            case EndReason.UnusableMedia: AddBoth(note, 488, 88); break;
            case EndReason.AckTimeout or EndReason.SessionExpired: AddBoth(note, 408, 102); break;
            case EndReason.MediaTimeout: note.Add("Q.850"u8, 102, TextOf(fault)); break;
            default: break;
        }
    }

    /// <summary>For a fork that is ended because another one answered.</summary>
    public static void MakeElsewhere(ReasonNote note)
    {
        note.Clear();
        note.Add("SIP"u8, 200, "Call completed elsewhere"u8);
    }

    private static bool TryAdd(ReasonNote note, ReadOnlySpan<byte> value)
    {
        var semicolon = value.IndexOf((byte)';');
        if (semicolon < 0) return false;
        var parameters = new SipParameters(value[semicolon..]);
        if (!parameters.TryGet("cause"u8, out var text) || !SipText.TryReadNumber(text, CauseMax, out var cause))
            return false;
        var protocol = SipText.Trim(value[..semicolon]);
        if (SipText.EqualsIgnoreCase(protocol, "Q.850"u8)) AddQ850(note, (int)cause);
        else if (SipText.EqualsIgnoreCase(protocol, "SIP"u8) && cause >= 100) AddSip(note, (int)cause);
        else return false;
        return true;
    }

    private static void AddBoth(ReasonNote note, int status, int cause)
    {
        AddSip(note, status);
        AddQ850(note, cause);
    }

    private static void AddSip(ReasonNote note, int status) =>
        note.Add("SIP"u8, status, status == 200 ? "Call completed elsewhere"u8 : SipReasons.Of(status));

    private static void AddQ850(ReasonNote note, int cause) => note.Add("Q.850"u8, cause, TextOf(cause));

    private static ReadOnlySpan<byte> TextOf(MediaFault fault) => fault switch
    {
        MediaFault.CallerNeverSent or MediaFault.CallerSilent => "Media timeout, nothing from caller"u8,
        MediaFault.CalleeNeverSent or MediaFault.CalleeSilent => "Media timeout, nothing from callee"u8,
        MediaFault.CallerUnreachable => "Media address of caller unreachable"u8,
        MediaFault.CalleeUnreachable => "Media address of callee unreachable"u8,
        MediaFault.CallerHandshakeFailed => "DTLS handshake with caller failed"u8,
        MediaFault.CalleeHandshakeFailed => "DTLS handshake with callee failed"u8,
        _ => "Media timeout"u8,
    };

    // ITU-T Q.850 table 1, the causes that trunks send; others go without text.
    private static ReadOnlySpan<byte> TextOf(int cause) => cause switch
    {
        1 => "Unallocated number"u8,
        16 => "Normal call clearing"u8,
        17 => "User busy"u8,
        18 => "No user responding"u8,
        19 => "No answer from user"u8,
        20 => "Subscriber absent"u8,
        21 => "Call rejected"u8,
        26 => "Non-selected user clearing"u8,
        27 => "Destination out of order"u8,
        31 => "Normal, unspecified"u8,
        34 => "No circuit available"u8,
        38 => "Network out of order"u8,
        41 => "Temporary failure"u8,
        42 => "Switching equipment congestion"u8,
        88 => "Incompatible destination"u8,
        102 => "Recovery on timer expiry"u8,
        111 => "Protocol error"u8,
        127 => "Interworking"u8,
        _ => default,
    };
}
