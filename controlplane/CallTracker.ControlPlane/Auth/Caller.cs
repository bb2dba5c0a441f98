namespace CallTracker.ControlPlane.Auth;

/// <summary>Who is asking: the tenant and rights of the key that came with a request. Lives for one request.</summary>
internal sealed class Caller(ApiKeyRecord key)
{
    private static readonly object ItemKey = new();

    public string KeyId => key.KeyId;

    public string OperatorId => key.OperatorId;

    /// <summary>Null for a key that sees the whole operator.</summary>
    public string? ClientId => key.ClientId;

    public IReadOnlyList<string> Scopes => key.Scopes;

    public bool May(string scope) => Auth.Scopes.Allow(key.Scopes, scope);

    /// <summary>True when the key may see what belongs to this advertiser.</summary>
    public bool Sees(string clientId) => ClientId is null || ClientId == clientId;

    public static Caller Of(HttpContext context) => (Caller)context.Items[ItemKey]!;

    public void AttachTo(HttpContext context) => context.Items[ItemKey] = this;
}
