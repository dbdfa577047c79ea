using ApiSvc.ServiceDefaults.Permissions;
using Npgsql;

namespace ApiSvc.Identity.Roles;

/// <summary>Roles over REST.</summary>
internal static class RolesApi
{
    public static void MapRoles(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/roles", ListAsync).RequirePermission("roles.read", Team.Any);

    private static async Task<RoleList> ListAsync(NpgsqlDataSource database)
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await RoleRow.ReadAsync(db);
        return new([.. rows.Select(r => r.ToDocument())]);
    }

    /// <summary>All roles: they are few.</summary>
    internal sealed record RoleList(IReadOnlyList<RoleDocument> Items);
}
