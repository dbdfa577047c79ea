using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>How the team that a gRPC method acts on is found.</summary>
public enum TeamSource
{
    /// <summary>Not said, which is a mistake.</summary>
    None,

    /// <summary>No team: the caller must have the permission for the whole platform.</summary>
    Platform,

    /// <summary>Any: the caller must have the permission in some team, and the method shows only what that includes.</summary>
    Any,

    /// <summary>The field of the request is the team's id.</summary>
    Message,

    /// <summary>The field of the request is the id of an object, whose owner the lookup finds.</summary>
    Owner,
}

/// <summary>
/// Declares who may call a gRPC method, on the method's override:
/// <c>[RequirePermission("apis.write", Team = TeamSource.Owner, Field = "api.id", Lookup = typeof(ApiTeams))]</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequirePermissionAttribute(string permission)
    : Attribute,
        IPermissionDeclaration,
        IAuthorizeData
{
    /// <summary>The permission.</summary>
    public string Permission { get; } = permission;

    /// <summary>How the team is found.</summary>
    public TeamSource Team { get; init; }

    /// <summary>The request's field with the id, by its names in the contract: <c>team_id</c>, <c>api.team_id</c>.</summary>
    public string? Field { get; init; }

    /// <summary>An <see cref="ITeamLookup"/>, for <see cref="TeamSource.Owner"/>.</summary>
    public Type? Lookup { get; init; }

    string? IAuthorizeData.Policy { get; set; }

    string? IAuthorizeData.Roles { get; set; }

    string? IAuthorizeData.AuthenticationSchemes { get; set; } = CallerIdentity.Scheme;

    string IPermissionDeclaration.Describe() => $"{Permission} by {Team} {Field}";

    string? IPermissionDeclaration.FindFault(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method is not { } method)
        {
            return "the attribute is for gRPC methods; a route uses RequirePermission(…)";
        }

        switch (Team)
        {
            case TeamSource.None:
                return "does not say how the team is found: set Team";
            case TeamSource.Platform or TeamSource.Any:
                return null;
        }

        // With a stream of requests there is not one message to find the team in.
        if (method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming)
        {
            return $"a method with a stream of requests cannot find its team by {Team}";
        }

        if (Team == TeamSource.Owner && Lookup?.IsAssignableTo(typeof(ITeamLookup)) != true)
        {
            return $"Lookup must be an {nameof(ITeamLookup)}";
        }

        var request = method.GetType().GenericTypeArguments[0];
        return MessageField.Find(request, Field) is null
            ? $"{request.Name} has no field '{Field}'"
            : null;
    }
}

/// <summary>Declares that any caller with a valid token may call a gRPC method.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnyCallerAttribute : Attribute, IPermissionDeclaration, IAuthorizeData
{
    string? IAuthorizeData.Policy { get; set; }

    string? IAuthorizeData.Roles { get; set; }

    string? IAuthorizeData.AuthenticationSchemes { get; set; } = CallerIdentity.Scheme;

    string IPermissionDeclaration.Describe() => "any caller with a token";
}

/// <summary>Declares that everybody may call a gRPC method, with or without a token.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnonymousCallerAttribute : Attribute, IPermissionDeclaration, IAllowAnonymous
{
    string IPermissionDeclaration.Describe() => "anonymous";
}
