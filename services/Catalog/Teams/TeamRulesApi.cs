using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace ApiSvc.Catalog.Teams;

/// <summary>A team's rules over REST. Setting them is for who runs the team, not for those whom they bind.</summary>
internal static class TeamRulesApi
{
    public static void MapTeamRules(this RouteGroupBuilder routes)
    {
        routes
            .MapGet("/teams/{teamId}/rules", GetAsync)
            .RequirePermission("apis.read", Team.FromRoute("teamId"));
        routes
            .MapPut("/teams/{teamId}/rules", ReplaceAsync)
            .RequirePermission("teams.write", Team.FromRoute("teamId"));
    }

    private static async Task<Tagged<TeamRules>> GetAsync(
        Id<TeamKind> teamId,
        NpgsqlDataSource database
    )
    {
        await using var db = await database.OpenConnectionAsync();
        var row = await TeamRuleBook.FindAsync(db, teamId.Value);
        return TaggedResults.Ok(row.ToDocument(), row.Version);
    }

    private static async Task<Results<Tagged<TeamRules>, ApiProblem>> ReplaceAsync(
        Id<TeamKind> teamId,
        IfMatch ifMatch,
        Body<TeamRules> body,
        Actor actor,
        TeamRuleBook book
    ) =>
        (await book.ReplaceAsync(teamId.Value, body.Value, ifMatch.Check, actor)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );
}
