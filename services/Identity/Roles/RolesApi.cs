using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Identity.Roles;

/// <summary>Roles over REST.</summary>
internal static class RolesApi
{
    public static void MapRoles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/permissions", ListPermissions).RequirePermission("roles.read", Team.Any);
        var roles = routes.MapGroup("/v1/roles");
        roles.MapGet("", ListAsync).RequirePermission("roles.read", Team.Any);
        roles
            .MapPost("", CreateAsync)
            .RequirePermission("roles.write", Team.Platform)
            .WithIdempotency();
        roles.MapGet("/{name}", GetAsync).RequirePermission("roles.read", Team.Any);
        roles.MapPut("/{name}", UpdateAsync).RequirePermission("roles.write", Team.Platform);
        roles.MapDelete("/{name}", DeleteAsync).RequirePermission("roles.write", Team.Platform);
    }

    private static PermissionList ListPermissions() => new(KnownPermissions.All);

    private static async Task<RoleList> ListAsync(RoleStore roles) =>
        new([.. (await roles.ListAsync()).Select(r => r.ToDocument())]);

    private static async Task<Results<Tagged<RoleDocument>, ApiProblem>> CreateAsync(
        Body<RoleInput> body,
        Actor actor,
        RoleStore roles
    ) =>
        (await roles.CreateAsync(body.Value, actor)).To(role =>
            TaggedResults.Created($"/v1/roles/{role.Name}", role.ToDocument(), role.Version)
        );

    private static async Task<Results<Tagged<RoleDocument>, ApiProblem>> GetAsync(
        string name,
        RoleStore roles
    ) => Answer(await roles.GetAsync(name));

    private static async Task<Results<Tagged<RoleDocument>, ApiProblem>> UpdateAsync(
        string name,
        IfMatch ifMatch,
        Body<RoleInput> body,
        Actor actor,
        RoleStore roles
    ) => Answer(await roles.UpdateAsync(name, body.Value, ifMatch.Check, actor));

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        string name,
        IfMatch ifMatch,
        Actor actor,
        RoleStore roles
    ) =>
        await roles.DeleteAsync(name, ifMatch.Check, actor) is { } problem
            ? problem
            : TypedResults.NoContent();

    private static Results<Tagged<RoleDocument>, ApiProblem> Answer(Outcome<RoleRow> outcome) =>
        outcome.To(role => TaggedResults.Ok(role.ToDocument(), role.Version));

    /// <summary>All roles: they are few.</summary>
    internal sealed record RoleList(IReadOnlyList<RoleDocument> Items);

    /// <summary>All permissions that there are.</summary>
    internal sealed record PermissionList(IReadOnlyList<PermissionDefinition> Items);
}
