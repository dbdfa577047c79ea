using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>Endpoint metadata: who may call.</summary>
internal interface IPermissionDeclaration
{
    /// <summary>In a sentence, for lists of endpoints.</summary>
    string Describe();

    /// <summary>What is wrong with the declaration on this endpoint; null when nothing is.</summary>
    string? FindFault(RouteEndpoint endpoint) => null;
}

/// <summary>
/// Endpoint metadata: a permission, and how its team is found. As authorization data of the framework, whose
/// endpoint middleware refuses to run such an endpoint when authorization was left out of the pipeline.
/// </summary>
internal sealed record PermissionDeclaration(string Permission, Team Team)
    : IPermissionDeclaration,
        IAuthorizeData,
        IAuthorizationRequirement,
        IAuthorizationRequirementData
{
    public string? Policy { get; set; }

    public string? Roles { get; set; }

    public string? AuthenticationSchemes { get; set; } = CallerIdentity.Scheme;

    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];

    public string Describe() => $"{Permission} by {Team}";

    public string? FindFault(RouteEndpoint endpoint)
    {
        var parameter = Team switch
        {
            Team.RouteTeam team => team.Name,
            Team.OwnerTeam team => team.Name,
            _ => null,
        };
        return parameter is null || endpoint.RoutePattern.GetParameter(parameter) is not null
            ? null
            : $"the route has no parameter '{parameter}'";
    }
}

/// <summary>Endpoint metadata: any caller with a valid token, whatever its roles.</summary>
internal sealed record AnyCallerDeclaration : IPermissionDeclaration, IAuthorizeData
{
    public string? Policy { get; set; }

    public string? Roles { get; set; }

    public string? AuthenticationSchemes { get; set; } = CallerIdentity.Scheme;

    public string Describe() => "any caller with a token";
}

/// <summary>Endpoint metadata: everybody, with or without a token.</summary>
internal sealed record AnonymousDeclaration : IPermissionDeclaration, IAllowAnonymous
{
    public string Describe() => "anonymous";
}
