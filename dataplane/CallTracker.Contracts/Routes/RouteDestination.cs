namespace CallTracker.Contracts.Routes;

/// <summary>One destination of a tracking number, tried in order (順次転送).</summary>
/// <param name="FwdId">Normalised destination number.</param>
/// <param name="RingSec">Seconds it may ring before the next destination is tried.</param>
public sealed record RouteDestination(string FwdId, int RingSec);
