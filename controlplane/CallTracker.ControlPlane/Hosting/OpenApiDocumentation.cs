using CallTracker.ControlPlane.Auth;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CallTracker.ControlPlane.Hosting;

/// <summary>What /openapi/v1.json says beyond what the endpoints themselves declare. Stateless.</summary>
internal static class OpenApiDocumentation
{
    private const string SchemeName = "ApiKey";

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "CallTracker";
            document.Info.Version = "v1";
            document.Info.Description = "Call tracking: tracking numbers, trunks, the call log and its judgement. "
                + "Errors are application/problem+json (RFC 9457) with a stable code.";
            document.Components ??= new OpenApiComponents();
            var schemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes = schemes;
            schemes[SchemeName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "Authorization: Bearer ctk_live_…; scopes: " + string.Join(", ", Scopes.All) + ".",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var demand = context.Description.ActionDescriptor.EndpointMetadata.OfType<RequiredScope>().FirstOrDefault();
            if (demand is null) return Task.CompletedTask;
            operation.Description = $"{operation.Description} Scope: {demand.Scope}.".Trim();
            operation.Security = [new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(SchemeName, context.Document)] = [],
            }];
            return Task.CompletedTask;
        });
    }
}
