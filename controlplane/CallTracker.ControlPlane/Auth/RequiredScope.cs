namespace CallTracker.ControlPlane.Auth;

/// <summary>What an endpoint demands of a key, as endpoint metadata. Immutable.</summary>
/// <param name="Scope">One of <see cref="Scopes"/>.</param>
/// <param name="OperatorOnly">True when a key bound to one advertiser is refused.</param>
internal sealed record RequiredScope(string Scope, bool OperatorOnly);
