using ApiSvc.Identity.Applications;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Identity.ApiKeys;

/// <summary>API keys over REST.</summary>
internal static class ApiKeysApi
{
    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/v1/applications/{applicationId}/api-keys", ListAsync)
            .RequirePermission("credentials.read", Team.Of<ApplicationDirectory>("applicationId"));
        routes
            .MapPost("/v1/applications/{applicationId}/api-keys", CreateAsync)
            .RequirePermission("credentials.write", Team.Of<ApplicationDirectory>("applicationId"))
            .WithIdempotency();
        routes
            .MapGet("/v1/api-keys/{keyId}", GetAsync)
            .RequirePermission("credentials.read", Team.Of<ApiKeyStore>("keyId"));
        routes
            .MapPost("/v1/api-keys/{keyId}/revoke", RevokeAsync)
            .RequirePermission("credentials.write", Team.Of<ApiKeyStore>("keyId"));
    }

    private static async Task<Page<ApiKeyDocument>> ListAsync(
        Id<ApplicationKind> applicationId,
        PageRequest<Guid> page,
        ApiKeyStore keys
    ) =>
        page.ToPage(
            await keys.ListAsync(applicationId.Value, page),
            k => k.Id,
            k => k.ToDocument()
        );

    private static async Task<Results<Created<NewApiKeyDocument>, ApiProblem>> CreateAsync(
        Id<ApplicationKind> applicationId,
        Body<ApiKeyInput> body,
        Actor actor,
        ApiKeyStore keys
    ) =>
        (await keys.CreateAsync(applicationId.Value, body.Value, actor)).To(made =>
            TypedResults.Created(
                $"/v1/api-keys/{made.Key.PublicId}",
                new NewApiKeyDocument(made.Key.ToDocument(), made.Secret)
            )
        );

    private static async Task<Results<Ok<ApiKeyDocument>, ApiProblem>> GetAsync(
        Id<KeyKind> keyId,
        ApiKeyStore keys
    ) => (await keys.GetAsync(keyId.Value)).To(key => TypedResults.Ok(key.ToDocument()));

    private static async Task<Results<Ok<ApiKeyDocument>, ApiProblem>> RevokeAsync(
        Id<KeyKind> keyId,
        Actor actor,
        ApiKeyStore keys
    ) => (await keys.RevokeAsync(keyId.Value, actor)).To(key => TypedResults.Ok(key.ToDocument()));
}
