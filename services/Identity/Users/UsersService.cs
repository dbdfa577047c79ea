using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;

namespace ApiSvc.Identity.Users;

/// <summary>Users over gRPC.</summary>
internal sealed class UsersService(UserStore users) : Contracts.Identity.V1.Users.UsersBase
{
    [RequirePermission("users.read", Team = TeamSource.Platform)]
    public override async Task<ListUsersResponse> ListUsers(
        ListUsersRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(context, request.Limit, request.Cursor);
        var (items, next) = page.ToPage(await users.ListAsync(page), u => u.Id, u => u.ToMessage());
        return new() { Users = { items }, NextCursor = next ?? "" };
    }

    [RequirePermission("users.read", Team = TeamSource.Platform)]
    public override async Task<User> GetUser(GetUserRequest request, ServerCallContext context) =>
        (await users.GetAsync(UserOf(request.Id))).OrThrow().ToMessage();

    [RequirePermission("users.write", Team = TeamSource.Platform)]
    public override Task<User> CreateUser(CreateUserRequest request, ServerCallContext context) =>
        IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
            {
                var input = MessageRules.Check(InputOf(request.User, request.Password), "user");
                return (await users.CreateAsync(input, Actor.Of(context))).OrThrow().ToMessage();
            }
        );

    [RequirePermission("users.write", Team = TeamSource.Platform)]
    public override async Task<User> UpdateUser(
        UpdateUserRequest request,
        ServerCallContext context
    ) =>
        (
            await users.UpdateAsync(
                UserOf(request.User?.Id),
                MessageRules.Check(InputOf(request.User, request.Password), "user"),
                version => MessageEtag.Check(request.User!.Etag, version, "#/user/etag"),
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();

    [RequirePermission("users.write", Team = TeamSource.Platform)]
    public override async Task<DeleteUserResponse> DeleteUser(
        DeleteUserRequest request,
        ServerCallContext context
    ) =>
        await users.DeleteAsync(
            UserOf(request.Id),
            version => MessageEtag.Check(request.Etag, version, "#/etag"),
            Actor.Of(context)
        )
            is { } problem
            ? throw new ApiProblemException(problem)
            : new DeleteUserResponse();

    private static UserInput InputOf(User? user, string password) =>
        new()
        {
            Login = user?.Login ?? "",
            Name = user?.Name ?? "",
            Email = user?.Email ?? "",
            PlatformRoles = user is null ? [] : [.. user.PlatformRoles],
            Password = password.Length == 0 ? null : password,
        };

    private static Guid UserOf(string? id) =>
        Id<UserKind>.TryParse(id, out var user)
            ? user.Value
            : throw new ApiProblemException(ApiProblem.NotFound);
}
