using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Identity.Users;

/// <summary>Users over REST.</summary>
internal static class UsersApi
{
    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/v1/users");
        users.MapGet("", ListAsync).RequirePermission("users.read", Team.Platform);
        users
            .MapPost("", CreateAsync)
            .RequirePermission("users.write", Team.Platform)
            .WithIdempotency();
        users.MapGet("/{userId}", GetAsync).RequirePermission("users.read", Team.Platform);
        users.MapPut("/{userId}", UpdateAsync).RequirePermission("users.write", Team.Platform);
        users.MapDelete("/{userId}", DeleteAsync).RequirePermission("users.write", Team.Platform);
        users
            .MapPost("/{userId}/disable", DisableAsync)
            .RequirePermission("users.write", Team.Platform);
        users
            .MapPost("/{userId}/enable", EnableAsync)
            .RequirePermission("users.write", Team.Platform);
        users
            .MapDelete("/{userId}/second-factor", RemoveSecondFactorAsync)
            .RequirePermission("users.write", Team.Platform);
    }

    private static async Task<Page<UserDocument>> ListAsync(
        PageRequest<Guid> page,
        UserStore users
    ) => page.ToPage(await users.ListAsync(page), u => u.Id, u => u.ToDocument());

    private static async Task<Results<Tagged<UserDocument>, ApiProblem>> CreateAsync(
        Body<UserInput> body,
        Actor actor,
        UserStore users
    ) =>
        (await users.CreateAsync(body.Value, actor)).To(user =>
            TaggedResults.Created($"/v1/users/{user.PublicId}", user.ToDocument(), user.Version)
        );

    private static async Task<Results<Tagged<UserDocument>, ApiProblem>> GetAsync(
        Id<UserKind> userId,
        UserStore users
    ) =>
        (await users.GetAsync(userId.Value)).To(user =>
            TaggedResults.Ok(user.ToDocument(), user.Version)
        );

    private static async Task<Results<Tagged<UserDocument>, ApiProblem>> UpdateAsync(
        Id<UserKind> userId,
        IfMatch ifMatch,
        Body<UserInput> body,
        Actor actor,
        UserStore users
    ) =>
        (await users.UpdateAsync(userId.Value, body.Value, ifMatch.Check, actor)).To(user =>
            TaggedResults.Ok(user.ToDocument(), user.Version)
        );

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<UserKind> userId,
        IfMatch ifMatch,
        Actor actor,
        UserStore users
    ) =>
        await users.DeleteAsync(userId.Value, ifMatch.Check, actor) is { } problem
            ? problem
            : TypedResults.NoContent();

    private static Task<Results<Tagged<UserDocument>, ApiProblem>> DisableAsync(
        Id<UserKind> userId,
        Actor actor,
        UserAccess users
    ) => SetDisabledAsync(userId, isDisabled: true, actor, users);

    private static Task<Results<Tagged<UserDocument>, ApiProblem>> EnableAsync(
        Id<UserKind> userId,
        Actor actor,
        UserAccess users
    ) => SetDisabledAsync(userId, isDisabled: false, actor, users);

    private static async Task<Results<Tagged<UserDocument>, ApiProblem>> SetDisabledAsync(
        Id<UserKind> userId,
        bool isDisabled,
        Actor actor,
        UserAccess users
    ) =>
        (await users.SetDisabledAsync(userId.Value, isDisabled, actor)).To(user =>
            TaggedResults.Ok(user.ToDocument(), user.Version)
        );

    private static async Task<Results<NoContent, ApiProblem>> RemoveSecondFactorAsync(
        Id<UserKind> userId,
        Actor actor,
        UserAccess users
    ) =>
        await users.RemoveSecondFactorAsync(userId.Value, actor) is { } problem
            ? problem
            : TypedResults.NoContent();
}
