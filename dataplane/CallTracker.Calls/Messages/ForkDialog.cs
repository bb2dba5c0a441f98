using CallTracker.Calls.Engine;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Messages;

/// <summary>
/// A dialog that one response of a forked INVITE makes, beside the leg's own; all it takes is in the response. Worker
/// thread only.
/// </summary>
internal static class ForkDialog
{
    /// <summary>
    /// Makes the dialog as if the INVITE were written once more, so that requests get its CSeq numbers.
    /// </summary>
    public static bool TryInit(CallEngine engine, SipDialog dialog, SipMessage response)
    {
        var from = WithoutParameters(response.From);
        var to = WithoutParameters(response.To);
        if (!NameAddrView.TryParse(to, out var address)) return false;
        var begun = dialog.InitUac(response.CallId, response.FromTag, from, to, address.Uri, response.CSeqNumber);
        if (begun != SipDialogResult.Ok) return false;
        Span<byte> branch = stackalloc byte[SipTokens.BranchLength];
        var invite = new SipWriter(engine.Scratch);
        dialog.WriteRequest(
            ref invite, SipMethod.Invite, SipTransportKind.Udp, engine.Settings.SipAddress,
            engine.Tokens.WriteBranch(branch));
        dialog.OnResponse(response);
        return true;
    }

    // From and To were written by us in brackets; what follows the bracket is the tag.
    private static ReadOnlySpan<byte> WithoutParameters(ReadOnlySpan<byte> value)
    {
        var end = value.LastIndexOf((byte)'>');
        return end < 0 ? value : value[..(end + 1)];
    }
}
