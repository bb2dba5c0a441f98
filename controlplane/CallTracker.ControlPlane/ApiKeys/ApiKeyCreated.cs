using CallTracker.ControlPlane.Auth;

namespace CallTracker.ControlPlane.ApiKeys;

/// <summary>The answer to making a key: the only time its text is shown.</summary>
/// <param name="Key">The secret to send as Bearer token.</param>
/// <param name="ApiKey">What is kept of it.</param>
public sealed record ApiKeyCreated(string Key, ApiKeyRecord ApiKey);
