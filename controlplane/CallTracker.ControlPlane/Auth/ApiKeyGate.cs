using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Auth;

/// <summary>
/// Lets a request through to an endpoint that demands a scope, with its <see cref="Caller"/> attached, or refuses it:
/// 401 without a known key, 403 without the right. Endpoints without demand (health, metrics, OpenAPI) are open.
/// </summary>
internal sealed class ApiKeyGate(RequestDelegate next, ApiKeyStore keys)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var demand = context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>();
        if (demand is null)
        {
            await next(context);
            return;
        }
        if (await RefuseAsync(context, demand) is { } refusal) await refusal.ExecuteAsync(context);
        else await next(context);
    }

    // :: Step P2
    private async Task<ProblemResult?> RefuseAsync(HttpContext context, RequiredScope demand)
    {
        var text = ApiKeyText.FromHeader(context.Request.Headers.Authorization);
        if (text is null) return Problems.KeyMissing();
        var key = await keys.FindAsync(text);
        if (key is null) return Problems.KeyUnknown();
        var caller = new Caller(key);
        if (!caller.May(demand.Scope)) return Problems.ScopeMissing(demand.Scope);
        if (demand.OperatorOnly && caller.ClientId is not null)
        {
            return Problems.OtherTenant("A key that is bound to one advertiser may not do this.");
        }
        caller.AttachTo(context);
        return null;
    }
}
