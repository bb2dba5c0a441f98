namespace CallTracker.Calls.Stir;

/// <summary>
/// What verification says of a caller's number (3GPP TS 24.229 section 7.2A.20). Journalled: values never change.
/// </summary>
public enum Verstat : byte
{
    /// <summary>The trunk does not ask for verification.</summary>
    None = 0,
    /// <summary>Nothing could be judged: no Identity, or its certificate could not be had in time.</summary>
    NoTnValidation = 1,
    Passed = 2,
    Failed = 3,
}
