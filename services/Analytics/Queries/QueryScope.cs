using System.Reflection;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace ApiSvc.Analytics.Queries;

/// <summary>
/// Whose calls a query may see: a team's, or all. A parameter of route handlers: the team in the path, for which the
/// endpoint declares the permission, or none under <c>/platform</c>.
/// </summary>
internal sealed record QueryScope(Guid? Team) : IEndpointParameterMetadataProvider
{
    public const string Route = "teamId";

    public static ValueTask<QueryScope?> BindAsync(HttpContext context)
    {
        if (!context.Request.RouteValues.TryGetValue(Route, out var segment))
        {
            return new(new QueryScope((Guid?)null));
        }

        if (!Id<TeamKind>.TryParse(segment as string, out var team))
        {
            RequestViolations
                .Of(context)
                .Add($"path:{Route}", "invalid_id", "Give an id that starts with 'team_'.");
        }

        return new(new QueryScope(team.Value));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        if ((builder as RouteEndpointBuilder)?.RoutePattern.GetParameter(Route) is not null)
        {
            builder.Metadata.Add(
                new RequestParameter(RequestParameterPlace.Path, Route, typeof(Id<TeamKind>))
                {
                    Required = true,
                }
            );
        }
    }

    /// <summary>Of a message, whose method cannot declare a team that may be left out.</summary>
    /// <exception cref="ApiProblemException">The caller may not, or must not even know of the team.</exception>
    public static QueryScope Of(Caller caller, string permission, string teamId)
    {
        if (teamId.Length == 0)
        {
            return caller.Can(permission)
                ? new QueryScope((Guid?)null)
                : throw new ApiProblemException(Forbidden(permission));
        }

        if (!Id<TeamKind>.TryParse(teamId, out var team))
        {
            throw new ApiProblemException(
                ApiProblem.Invalid(
                    new Violation(
                        "#/team_id",
                        "invalid_id",
                        "Give an id that starts with 'team_', or none for the whole platform."
                    )
                )
            );
        }

        if (caller.Can(permission, team.Value))
        {
            return new(team.Value);
        }

        throw new ApiProblemException(
            caller.Knows(team.Value) ? Forbidden(permission) : ApiProblem.NotFound
        );
    }

    private static ApiProblem Forbidden(string permission) =>
        new()
        {
            Status = 403,
            Code = "forbidden",
            Detail = $"This needs the permission '{permission}'.",
        };
}
