namespace CallTracker.ControlPlane.Auth;

/// <summary>How endpoints say what they demand. Stateless.</summary>
internal static class RequiredScopeExtensions
{
    public static RouteHandlerBuilder Needs(
        this RouteHandlerBuilder endpoint, string scope, bool operatorOnly = false) =>
        endpoint.WithMetadata(new RequiredScope(scope, operatorOnly));
}
