using ApiSvc.Identity.Applications;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Identity.OAuthClients;

/// <summary>The OAuth clients of applications over REST.</summary>
internal static class OAuthClientsApi
{
    public static void MapOAuthClients(this IEndpointRouteBuilder routes)
    {
        var ofApplication = routes.MapGroup("/v1/applications/{applicationId}/oauth-clients");
        ofApplication
            .MapGet("", ListAsync)
            .RequirePermission("credentials.read", Team.Of<ApplicationDirectory>("applicationId"));
        ofApplication
            .MapPost("", CreateAsync)
            .RequirePermission("credentials.write", Team.Of<ApplicationDirectory>("applicationId"))
            .WithIdempotency();
        var client = routes.MapGroup("/v1/oauth-clients/{clientId}");
        client
            .MapGet("", GetAsync)
            .RequirePermission("credentials.read", Team.Of<OAuthClientStore>("clientId"));
        client
            .MapPut("", UpdateAsync)
            .RequirePermission("credentials.write", Team.Of<OAuthClientStore>("clientId"));
        client
            .MapPost("/revoke", RevokeAsync)
            .RequirePermission("credentials.write", Team.Of<OAuthClientStore>("clientId"));
        client
            .MapPost("/revoke-tokens", RevokeTokensAsync)
            .RequirePermission("credentials.write", Team.Of<OAuthClientStore>("clientId"));
    }

    private static async Task<Page<OAuthClientDocument>> ListAsync(
        Id<ApplicationKind> applicationId,
        PageRequest<Guid> page,
        OAuthClientStore clients
    ) =>
        page.ToPage(
            await clients.ListAsync(applicationId.Value, page),
            c => c.Id,
            c => c.ToDocument()
        );

    private static async Task<Results<Created<NewOAuthClientDocument>, ApiProblem>> CreateAsync(
        Id<ApplicationKind> applicationId,
        Body<OAuthClientInput> body,
        Actor actor,
        OAuthClientStore clients
    ) =>
        (await clients.CreateAsync(applicationId.Value, body.Value, actor)).To(made =>
            TypedResults.Created(
                $"/v1/oauth-clients/{made.Client.ClientId}",
                new NewOAuthClientDocument(made.Client.ToDocument(), made.Secret)
            )
        );

    private static async Task<Results<Tagged<OAuthClientDocument>, ApiProblem>> GetAsync(
        Id<OAuthClientKind> clientId,
        OAuthClientStore clients
    ) => Answer(await clients.GetAsync(clientId.Value));

    private static async Task<Results<Tagged<OAuthClientDocument>, ApiProblem>> UpdateAsync(
        Id<OAuthClientKind> clientId,
        IfMatch ifMatch,
        Body<OAuthClientInput> body,
        Actor actor,
        OAuthClientStore clients
    ) => Answer(await clients.UpdateAsync(clientId.Value, body.Value, ifMatch.Check, actor));

    private static async Task<Results<Tagged<OAuthClientDocument>, ApiProblem>> RevokeAsync(
        Id<OAuthClientKind> clientId,
        Actor actor,
        OAuthClientStore clients
    ) => Answer(await clients.RevokeAsync(clientId.Value, actor));

    private static async Task<Results<Tagged<OAuthClientDocument>, ApiProblem>> RevokeTokensAsync(
        Id<OAuthClientKind> clientId,
        Actor actor,
        OAuthClientStore clients
    ) => Answer(await clients.RevokeTokensAsync(clientId.Value, actor));

    private static Results<Tagged<OAuthClientDocument>, ApiProblem> Answer(
        Outcome<OAuthClientRow> outcome
    ) => outcome.To(client => TaggedResults.Ok(client.ToDocument(), client.Version));
}
