namespace CallTracker.Calls.Stir;

/// <summary>The outcome of one call's verification.</summary>
/// <param name="Verstat">What is said of the caller's number.</param>
/// <param name="Attest">The signer's attestation; only of a verified PASSporT.</param>
/// <param name="Reason">Why it is not verified.</param>
public readonly record struct StirVerdict(Verstat Verstat, Attestation Attest, StirReason Reason)
{
    /// <summary>Seven bits: verstat (2), attestation (2), reason (3), lowest first.</summary>
    public byte Pack() => (byte)((int)Verstat | ((int)Attest << 2) | ((int)Reason << 4));

    /// <summary>The reverse of <see cref="Pack"/>; every value of seven bits reads.</summary>
    public static StirVerdict Unpack(int bits) =>
        new((Verstat)(bits & 3), (Attestation)((bits >> 2) & 3), (StirReason)((bits >> 4) & 7));

    /// <summary>The status of RFC 8224 section 6.2.2; 0 without a reason.</summary>
    public ushort SipCode => Reason switch
    {
        StirReason.NoIdentity => 428,
        StirReason.BadIdentityInfo => 436,
        StirReason.UnsupportedCredential => 437,
        StirReason.InvalidIdentity => 438,
        StirReason.StaleDate => 403,
        _ => 0,
    };

    public static StirVerdict Passed(Attestation attest) => new(Verstat.Passed, attest, StirReason.None);

    /// <summary>
    /// Without an Identity or its certificate nothing was judged; in every other case the caller's word was found
    /// wanting.
    /// </summary>
    public static StirVerdict Because(StirReason reason)
    {
        var isJudged = reason is not (StirReason.None or StirReason.NoIdentity or StirReason.BadIdentityInfo);
        return new(isJudged ? Verstat.Failed : Verstat.NoTnValidation, Attestation.None, reason);
    }
}
