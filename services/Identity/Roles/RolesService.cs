using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Draining;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;
using TableMessage = ApiSvc.Contracts.Identity.V1.RoleTable;

namespace ApiSvc.Identity.Roles;

/// <summary>Roles over gRPC.</summary>
internal sealed class RolesService(RoleTableFeed feed, RoleStore roles, IDrainState drain)
    : Contracts.Identity.V1.Roles.RolesBase
{
    [RequirePermission("roles.read", Team = TeamSource.Any)]
    public override async Task<ListRolesResponse> ListRoles(
        ListRolesRequest request,
        ServerCallContext context
    )
    {
        var rows = await roles.ListAsync();
        return new() { Roles = { rows.Select(r => r.ToMessage()) } };
    }

    [RequirePermission("roles.read", Team = TeamSource.Any)]
    public override Task<ListPermissionsResponse> ListPermissions(
        ListPermissionsRequest request,
        ServerCallContext context
    ) =>
        Task.FromResult(
            new ListPermissionsResponse
            {
                Permissions =
                {
                    KnownPermissions.All.Select(p => new Permission
                    {
                        Name = p.Name,
                        Scope = p.Reach.ToScope(),
                        Allows = p.Allows,
                    }),
                },
            }
        );

    [RequirePermission("roles.write", Team = TeamSource.Platform)]
    public override Task<Role> CreateRole(CreateRoleRequest request, ServerCallContext context) =>
        IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
            {
                var made = await roles.CreateAsync(InputOf(request.Role), Actor.Of(context));
                return made.OrThrow().ToMessage();
            }
        );

    [RequirePermission("roles.write", Team = TeamSource.Platform)]
    public override async Task<Role> UpdateRole(
        UpdateRoleRequest request,
        ServerCallContext context
    )
    {
        var input = InputOf(request.Role);
        var changed = await roles.UpdateAsync(
            input.Name,
            input,
            version => MessageEtag.Check(request.Role.Etag, version, "#/role/etag"),
            Actor.Of(context)
        );
        return changed.OrThrow().ToMessage();
    }

    [RequirePermission("roles.write", Team = TeamSource.Platform)]
    public override async Task<DeleteRoleResponse> DeleteRole(
        DeleteRoleRequest request,
        ServerCallContext context
    ) =>
        await roles.DeleteAsync(
            request.Name,
            version => MessageEtag.Check(request.Etag, version, "#/etag"),
            Actor.Of(context)
        )
            is { } problem
            ? throw new ApiProblemException(problem)
            : new DeleteRoleResponse();

    [RequirePermission("roles.watch", Team = TeamSource.Platform)]
    public override async Task WatchRoleTable(
        WatchRoleTableRequest request,
        IServerStreamWriter<TableMessage> responseStream,
        ServerCallContext context
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken,
            drain.DrainToken
        );
        var version = request.HaveVersion;
        // Whoever does not say what it knows of the keys hears of changes from now on.
        var keys =
            request.HaveSigningKeysVersion > 0
                ? request.HaveSigningKeysVersion
                : feed.Current?.SigningKeysVersion ?? 0;
        try
        {
            while (true)
            {
                var table = await feed.WaitForOtherAsync(version, keys, end.Token);
                await responseStream.WriteAsync(table, end.Token);
                (version, keys) = (table.Version, table.SigningKeysVersion);
            }
        }
        catch (OperationCanceledException) when (drain.DrainToken.IsCancellationRequested)
        {
            // The stream ends well: its reader goes to another instance.
        }
    }

    private static RoleInput InputOf(Role? role) =>
        MessageRules.Check(
            new RoleInput
            {
                Name = role?.Name ?? "",
                // What is not said is no reach that a role can have here.
                Reach = role?.Scope.ToReach() ?? RoleReach.Service,
                Description = role?.Description ?? "",
                Permissions = [.. role?.Permissions ?? []],
            },
            "role"
        );
}
