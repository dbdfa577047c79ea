using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>Decides REST calls.</summary>
internal sealed class PermissionHandler : AuthorizationHandler<PermissionDeclaration>
{
    protected override async Task HandleRequirementAsync(
        AuthorizationHandlerContext context,
        PermissionDeclaration requirement
    )
    {
        // Without a caller the answer is 401 whatever the object is: nothing is looked up.
        if (
            context.Resource is not HttpContext http
            || http.GetCaller() is not { Kind: not CallerKind.Anonymous } caller
        )
        {
            return;
        }

        switch (await DecideAsync(http, caller, requirement))
        {
            case PermissionOutcome.Allowed:
                context.Succeed(requirement);
                break;
            case PermissionOutcome.NotFound:
                context.Fail(new NotFoundReason(this));
                break;
            default:
                context.Fail(new AuthorizationFailureReason(this, requirement.Permission));
                break;
        }
    }

    private static async ValueTask<PermissionOutcome> DecideAsync(
        HttpContext http,
        Caller caller,
        PermissionDeclaration declaration
    ) =>
        declaration.Team switch
        {
            Team.AnyTeam => PermissionRule.ForAny(caller, declaration.Permission),
            Team.RouteTeam team => PermissionRule.ForTeam(
                caller,
                declaration.Permission,
                http.GetRouteValue(team.Name) as string
            ),
            Team.OwnerTeam owner => await PermissionRule.ForObjectAsync(
                caller,
                declaration.Permission,
                (ITeamLookup)http.RequestServices.GetRequiredService(owner.Lookup),
                http.GetRouteValue(owner.Name) as string,
                http.RequestAborted
            ),
            _ => PermissionRule.ForPlatform(caller, declaration.Permission),
        };

    /// <summary>The object is not to be known.</summary>
    internal sealed class NotFoundReason(IAuthorizationHandler handler)
        : AuthorizationFailureReason(handler, "not found");
}
