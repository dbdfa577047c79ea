using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.ApiKeys;
using ApiSvc.Identity.Applications;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using Grpc.Core;

namespace ApiSvc.Identity.OAuthClients;

/// <summary>API keys and OAuth clients of applications over gRPC.</summary>
internal sealed class ApplicationCredentialsService(ApiKeyStore keys, OAuthClientStore clients)
    : ApplicationCredentials.ApplicationCredentialsBase
{
    [RequirePermission(
        "credentials.read",
        Team = TeamSource.Owner,
        Field = "application_id",
        Lookup = typeof(ApplicationDirectory)
    )]
    public override async Task<ListApiKeysResponse> ListApiKeys(
        ListApiKeysRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.ApplicationId
        );
        var (items, next) = page.ToPage(
            await keys.ListAsync(ApplicationOf(request.ApplicationId), page),
            k => k.Id,
            k => k.ToMessage()
        );
        return new() { ApiKeys = { items }, NextCursor = next ?? "" };
    }

    [RequirePermission(
        "credentials.write",
        Team = TeamSource.Owner,
        Field = "application_id",
        Lookup = typeof(ApplicationDirectory)
    )]
    public override Task<CreateApiKeyResponse> CreateApiKey(
        CreateApiKeyRequest request,
        ServerCallContext context
    ) =>
        IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
            {
                var input = MessageRules.Check(
                    new ApiKeyInput
                    {
                        Environment = request.Environment,
                        Name = request.Name,
                        AllowedNetworks = [.. request.AllowedNetworks],
                        Scopes = [.. request.Scopes],
                        ExpiresAt = request.ExpiresAt?.ToDateTimeOffset(),
                    }
                );
                var made = (
                    await keys.CreateAsync(
                        ApplicationOf(request.ApplicationId),
                        input,
                        Actor.Of(context)
                    )
                ).OrThrow();
                return new CreateApiKeyResponse
                {
                    ApiKey = made.Key.ToMessage(),
                    Secret = made.Secret,
                };
            }
        );

    [RequirePermission(
        "credentials.write",
        Team = TeamSource.Owner,
        Field = "id",
        Lookup = typeof(ApiKeyStore)
    )]
    public override async Task<ApiKey> RevokeApiKey(
        RevokeApiKeyRequest request,
        ServerCallContext context
    ) =>
        (await keys.RevokeAsync(Id<KeyKind>.Parse(request.Id).Value, Actor.Of(context)))
            .OrThrow()
            .ToMessage();

    [RequirePermission(
        "credentials.read",
        Team = TeamSource.Owner,
        Field = "application_id",
        Lookup = typeof(ApplicationDirectory)
    )]
    public override async Task<ListOAuthClientsResponse> ListOAuthClients(
        ListOAuthClientsRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.ApplicationId
        );
        var (items, next) = page.ToPage(
            await clients.ListAsync(ApplicationOf(request.ApplicationId), page),
            c => c.Id,
            c => c.ToMessage()
        );
        return new() { Clients = { items }, NextCursor = next ?? "" };
    }

    [RequirePermission(
        "credentials.write",
        Team = TeamSource.Owner,
        Field = "application_id",
        Lookup = typeof(ApplicationDirectory)
    )]
    public override Task<CreateOAuthClientResponse> CreateOAuthClient(
        CreateOAuthClientRequest request,
        ServerCallContext context
    ) =>
        IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
            {
                var made = (
                    await clients.CreateAsync(
                        ApplicationOf(request.ApplicationId),
                        OAuthClientMessages.Read(request),
                        Actor.Of(context)
                    )
                ).OrThrow();
                return new CreateOAuthClientResponse
                {
                    Client = made.Client.ToMessage(),
                    ClientSecret = made.Secret ?? "",
                };
            }
        );

    [RequirePermission(
        "credentials.write",
        Team = TeamSource.Owner,
        Field = "client_id",
        Lookup = typeof(OAuthClientStore)
    )]
    public override async Task<OAuthClient> RevokeOAuthClient(
        RevokeOAuthClientRequest request,
        ServerCallContext context
    ) =>
        (await clients.RevokeAsync(ClientOf(request.ClientId), Actor.Of(context)))
            .OrThrow()
            .ToMessage();

    [RequirePermission(
        "credentials.write",
        Team = TeamSource.Owner,
        Field = "client_id",
        Lookup = typeof(OAuthClientStore)
    )]
    public override async Task<OAuthClient> RevokeOAuthClientTokens(
        RevokeOAuthClientTokensRequest request,
        ServerCallContext context
    ) =>
        (await clients.RevokeTokensAsync(ClientOf(request.ClientId), Actor.Of(context)))
            .OrThrow()
            .ToMessage();

    private static Guid ApplicationOf(string id) => Id<ApplicationKind>.Parse(id).Value;

    private static Guid ClientOf(string id) => Id<OAuthClientKind>.Parse(id).Value;
}
