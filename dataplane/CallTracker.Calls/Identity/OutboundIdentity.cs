using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Identity;

/// <summary>
/// Who calls, as a destination's trunk is told (PRODUCT.md section 2): From is the caller's number or a system number;
/// the header of the trunk's choice carries what is asserted, to trusted trunks alone (RFC 3325 section 7). Where a
/// system number is shown, nothing of the caller goes out at all: many exchanges show the asserted number. Stateless.
/// </summary>
internal static class OutboundIdentity
{
    /// <summary>The From value without tag.</summary>
    public static ReadOnlySpan<byte> WriteFrom(Span<byte> destination, CallEngine engine, Call call, Trunk trunk)
    {
        var shown = ShownNumber(call.Facts);
        var writer = new SipWriter(destination);
        if (shown.IsEmpty)
        {
            var isPayphone = trunk.Trusted && call.Facts.CallerPayphone;
            writer.Raw(isPayphone ? CallerCategory.PayphoneDisplay : "\"Anonymous\""u8);
            writer.Raw(" <sip:anonymous@anonymous.invalid>"u8);
            return writer.Written;
        }
        WriteNumber(ref writer, engine, call, shown);
        writer.Raw(">"u8);
        return writer.Written;
    }

    /// <summary>Privacy and the trunk's identity header.</summary>
    public static void WriteHeaders(ref SipWriter writer, CallEngine engine, Call call, Trunk trunk)
    {
        var isWithheld = call.Facts.CallerWithheld && !call.Facts.Route!.ShowsSystemNumber;
        if (isWithheld) writer.Header(SipHeaderKind.Privacy, "id"u8);
        var number = IdentityFor(call, trunk);
        if (number.IsEmpty) return;
        switch (trunk.IdentityHeader)
        {
            case IdentityHeader.Asserted:
                WriteHeader(ref writer, engine, call, SipHeaderKind.PAssertedIdentity, number);
                break;
            case IdentityHeader.Preferred:
                WriteHeader(ref writer, engine, call, SipHeaderKind.PPreferredIdentity, number);
                break;
            case IdentityHeader.RemoteParty:
                WriteRemoteParty(ref writer, engine, call, number, isWithheld);
                break;
            default:
                break;
        }
    }

    // addr-spec of a number of ours or one that we speak for, without its closing bracket: "<sip:" digits "@" host
    public static void WriteNumber(ref SipWriter writer, CallEngine engine, Call call, PhoneNumber number)
    {
        writer.Raw("<sip:"u8);
        WriteDigits(ref writer, number);
        writer.Raw("@"u8);
        writer.Address(engine.Settings.SipAddressOf(call.Outbound.Flow));
    }

    public static void WriteDigits(ref SipWriter writer, PhoneNumber number)
    {
        Span<byte> digits = stackalloc byte[PhoneNumber.DigitsMax];
        writer.Raw(digits[..number.CopyTo(digits)]);
    }

    private static PhoneNumber ShownNumber(CallFacts facts)
    {
        var route = facts.Route!;
        if (!route.ShowsSystemNumber) return facts.Caller;
        return route.SystemNumber.IsEmpty ? facts.Called : route.SystemNumber;
    }

    // A P-Preferred-Identity asserts nothing: it tells our carrier which number we would like to be known by.
    private static PhoneNumber IdentityFor(Call call, Trunk trunk)
    {
        var facts = call.Facts;
        if (facts.Route!.ShowsSystemNumber) return trunk.Trusted || IsPreferred(trunk) ? ShownNumber(facts) : default;
        if (trunk.Trusted && !call.Caller.Asserted.IsEmpty) return call.Caller.Asserted;
        return IsPreferred(trunk) ? facts.Caller : default;
    }

    private static bool IsPreferred(Trunk trunk) => trunk.IdentityHeader == IdentityHeader.Preferred;

    private static void WriteHeader(
        ref SipWriter writer, CallEngine engine, Call call, SipHeaderKind kind, PhoneNumber number)
    {
        writer.BeginHeader(kind);
        WriteNumber(ref writer, engine, call, number);
        WriteCategory(ref writer, call);
        writer.Raw(">"u8);
        writer.LineEnd();
    }

    // Remote-Party-ID = <sip:…>;party=calling;screen=…;privacy=…
    private static void WriteRemoteParty(
        ref SipWriter writer, CallEngine engine, Call call, PhoneNumber number, bool isWithheld)
    {
        writer.BeginHeader(SipHeaderKind.RemotePartyId);
        WriteNumber(ref writer, engine, call, number);
        WriteCategory(ref writer, call);
        writer.Raw(">;party=calling;screen=yes"u8);
        writer.Raw(isWithheld ? ";privacy=full"u8 : ";privacy=off"u8);
        writer.LineEnd();
    }

    private static void WriteCategory(ref SipWriter writer, Call call)
    {
        if (call.Facts.CallerPayphone && !call.Facts.Route!.ShowsSystemNumber) writer.Raw(";cpc=payphone"u8);
    }
}
