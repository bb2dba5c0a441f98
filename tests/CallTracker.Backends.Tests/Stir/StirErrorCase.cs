namespace CallTracker.Backends.Tests.Stir;

/// <summary>One way for an Identity to be wrong.</summary>
/// <param name="Code">The status of RFC 8224 section 6.2.2 it must lead to.</param>
/// <param name="Identities">What the call brings.</param>
/// <param name="Date">Its Date header.</param>
/// <param name="Called">The number it is for.</param>
internal sealed record StirErrorCase(
    int Code, Func<StirWorld, string[]> Identities, string Date = "", string Called = "0120000001");
