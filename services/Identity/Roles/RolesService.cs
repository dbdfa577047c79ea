using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.Draining;
using ApiSvc.ServiceDefaults.Permissions;
using Grpc.Core;
using Npgsql;
using TableMessage = ApiSvc.Contracts.Identity.V1.RoleTable;

namespace ApiSvc.Identity.Roles;

/// <summary>Roles over gRPC.</summary>
internal sealed class RolesService(RoleTableFeed feed, NpgsqlDataSource database, IDrainState drain)
    : Contracts.Identity.V1.Roles.RolesBase
{
    [RequirePermission("roles.read", Team = TeamSource.Any)]
    public override async Task<ListRolesResponse> ListRoles(
        ListRolesRequest request,
        ServerCallContext context
    )
    {
        await using var db = await database.OpenConnectionAsync(context.CancellationToken);
        var rows = await RoleRow.ReadAsync(db);
        return new() { Roles = { rows.Select(r => r.ToMessage()) } };
    }

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
        try
        {
            while (true)
            {
                var table = await feed.WaitForOtherAsync(version, end.Token);
                await responseStream.WriteAsync(table, end.Token);
                version = table.Version;
            }
        }
        catch (OperationCanceledException) when (drain.DrainToken.IsCancellationRequested)
        {
            // The stream ends well: its reader goes to another instance.
        }
    }
}
