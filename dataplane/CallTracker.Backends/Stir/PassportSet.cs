using CallTracker.Calls.Stir;

namespace CallTracker.Backends.Stir;

/// <summary>
/// The PASSporTs of one call that must verify: the one that speaks for the caller, and the diversions that lead from
/// the number it was signed for to the number called. Immutable.
/// </summary>
/// <param name="Base">The shaken PASSporT, or a plain one.</param>
/// <param name="Diversions">The chain (RFC 8946 section 4.2), last diversion first; empty for a direct call.</param>
internal sealed record PassportSet(Passport Base, IReadOnlyList<Passport> Diversions)
{
    private const int ChainLengthMax = 5;

    /// <summary>
    /// Everything that can be judged without a certificate; null, and why, when it cannot verify. Kinds that are not
    /// ours (rcd, rph) are passed over, as RFC 8224 section 6.2 step 1 asks.
    /// </summary>
    public static PassportSet? TryRead(StirJob job, int freshSec, out StirReason reason)
    {
        Passport? first = null;
        var diversions = new List<Passport>();
        for (var i = 0; i < job.IdentityCount; i++)
        {
            reason = StirReason.InvalidIdentity;
            if (IdentityField.TryRead(job.Identity(i)) is not { } field) return null;
            if (field.Extension is not ("" or "shaken" or "div")) continue;
            if (PassportReader.TryRead(field, job, out reason) is not { } passport) return null;
            if (passport.Extension == "div") diversions.Add(passport);
            else if (first is null || (first.Extension.Length == 0 && passport.Extension == "shaken")) first = passport;
        }
        reason = diversions.Count == 0 ? StirReason.NoIdentity : StirReason.InvalidIdentity;
        return first is null ? null : Link(first, diversions, job, freshSec, out reason);
    }

    private static PassportSet? Link(
        Passport first, List<Passport> diversions, StirJob job, int freshSec, out StirReason reason)
    {
        reason = StirReason.InvalidIdentity;
        if (!PassportNumber.IsNamed(first.Orig, job.Caller)) return null;
        if (Chain(first, diversions, job) is not { } chain) return null;
        var isFresh = IsFresh(first, job, freshSec);
        foreach (var diversion in chain) isFresh &= IsFresh(diversion, job, freshSec);
        reason = isFresh ? StirReason.None : StirReason.StaleDate;
        return isFresh ? new PassportSet(first, chain) : null;
    }

    // dest is compared with the number called; a call diverted on its way says so. Without any diversion the To header
    // counts as well (RFC 8224 section 6.2 step 4): networks translate the Request-URI of free-phone numbers.
    private static List<Passport>? Chain(Passport first, List<Passport> diversions, StirJob job)
    {
        if (PassportNumber.IsNamed(first.Dest, job.Called)) return [];
        if (diversions.Count == 0) return PassportNumber.IsNamed(first.Dest, job.To) ? [] : null;
        var chain = new List<Passport>();
        var next = diversions.Find(d => PassportNumber.IsNamed(d.Dest, job.Called));
        while (next is not null && next.Orig == first.Orig && chain.Count < ChainLengthMax)
        {
            chain.Add(next);
            if (first.Dest.Contains(next.Div, StringComparer.Ordinal)) return chain;
            var diverted = next.Div;
            next = diversions.Find(d => !chain.Contains(d) && d.Dest.Contains(diverted, StringComparer.Ordinal));
        }
        return null;
    }

    private static bool IsFresh(Passport passport, StirJob job, int freshSec)
    {
        // No subtraction of what the sender chose: it could overflow.
        var nowSec = job.UnixMs / 1000;
        return passport.IssuedAt >= nowSec - freshSec && passport.IssuedAt <= nowSec + freshSec;
    }
}
