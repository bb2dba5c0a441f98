using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Sip.Writing;

namespace CallTracker.Calls.Stir;

/// <summary>
/// The verstat parameter behind a caller's number in From and P-Asserted-Identity (3GPP TS 24.229 section 7.2A.20): our
/// verdict, told to the trust domain only. One that came in is never carried on. Stateless.
/// </summary>
internal static class VerstatParameter
{
    // verstat = ";verstat=" ( "TN-Validation-Passed" / "TN-Validation-Failed" / "No-TN-Validation" )
    public static void Write(ref SipWriter writer, CallFacts facts, Trunk trunk)
    {
        if (!trunk.Trusted || facts.Stir.Verstat == Verstat.None) return;
        writer.Raw(";verstat="u8);
        writer.Raw(NameOf(facts.Stir.Verstat));
    }

    public static ReadOnlySpan<byte> NameOf(Verstat verstat) => verstat switch
    {
        Verstat.Passed => "TN-Validation-Passed"u8,
        Verstat.Failed => "TN-Validation-Failed"u8,
        _ => "No-TN-Validation"u8,
    };
}
