using CallTracker.Calls.Stir;

namespace CallTracker.Backends.Stir;

/// <summary>What is known of an x5u. Immutable.</summary>
/// <param name="Certificate">Null when it cannot be used.</param>
/// <param name="Reason">Why it cannot: 436 not to be had, 437 not to be trusted.</param>
/// <param name="UntilMs">Unix milliseconds until which this holds.</param>
internal sealed record CertificateAnswer(SigningCertificate? Certificate, StirReason Reason, long UntilMs);
