namespace CallTracker.Calls.Stir;

/// <summary>
/// Why a call is not verified, as the status of RFC 8224 section 6.2.2 that would say so; a fact for the record, sent
/// to nobody unless the trunk refuses. Journalled in three bits: values never change.
/// </summary>
public enum StirReason : byte
{
    None = 0,
    /// <summary>428 Use Identity Header: there is none of a kind we support.</summary>
    NoIdentity = 1,
    /// <summary>436 Bad Identity Info: the certificate cannot be had.</summary>
    BadIdentityInfo = 2,
    /// <summary>437 Unsupported Credential: its issuer is not trusted, it is out of date or of another kind.</summary>
    UnsupportedCredential = 3,
    /// <summary>438 Invalid Identity Header: it does not read, match the call or verify.</summary>
    InvalidIdentity = 4,
    /// <summary>403 Stale Date: signed too long ago, or in the future.</summary>
    StaleDate = 5,
}
