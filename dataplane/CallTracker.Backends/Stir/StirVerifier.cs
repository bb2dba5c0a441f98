using CallTracker.Calls.Stir;

namespace CallTracker.Backends.Stir;

/// <summary>
/// The verification service of RFC 8224 section 6.2: reads, compares, dates, fetches, checks the signature, remembers.
/// The cheap comes first, and no URL is asked for what cannot verify. Any thread.
/// </summary>
internal sealed class StirVerifier(
    StirOptions options, CertificateCache certificates, ReplayGuard replays, StirServiceCounters counters)
{
    public async ValueTask<StirVerdict> VerifyAsync(StirJob job, CancellationToken ct)
    {
        var read = PassportSet.TryRead(job, options.FreshSec, out var reason);
        if (read is not { } set) return StirVerdict.Because(reason);
        reason = await CheckAsync(set.Base, job, ct);
        for (var i = 0; i < set.Diversions.Count && reason == StirReason.None; i++)
            reason = await CheckAsync(set.Diversions[i], job, ct);
        if (reason != StirReason.None) return StirVerdict.Because(reason);
        if (!replays.IsReplay(set.Base, job)) return StirVerdict.Passed(AttestationOf(set.Base));
        counters.CountReplay();
        return StirVerdict.Because(StirReason.InvalidIdentity);
    }

    private async ValueTask<StirReason> CheckAsync(Passport passport, StirJob job, CancellationToken ct)
    {
        var answer = await certificates.FindAsync(passport.CertificateUrl, ct);
        if (answer.Certificate is not { } certificate) return answer.Reason;
        if (!certificate.IsValidAt(job.UnixMs)) return StirReason.UnsupportedCredential;
        // Whoever diverts signs for its own number, whoever calls for the caller's (RFC 8946 section 4.2).
        var claimed = passport.Extension == "div" ? passport.Div : passport.Orig;
        if (!certificate.Authority.Covers(claimed)) return StirReason.UnsupportedCredential;
        return certificate.Verifies(passport) ? StirReason.None : StirReason.InvalidIdentity;
    }

    private static Attestation AttestationOf(Passport passport) => passport.Attest switch
    {
        "A" => Attestation.A,
        "B" => Attestation.B,
        "C" => Attestation.C,
        _ => Attestation.None,
    };
}
