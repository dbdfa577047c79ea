using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ApiSvc.ServiceDefaults.OpenApi;

/// <summary>Says that access tokens are asked for, on the whole API; operations that need none say so.</summary>
internal sealed class SecurityTransformer : IOpenApiDocumentTransformer
{
    public const string Scheme = "accessToken";

    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "An access token of the suite's identity service.",
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }
}
