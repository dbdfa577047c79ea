using System.Text.Json;
using ApiSvc.Catalog.Policies;
using ApiSvc.Catalog.Versions;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace ApiSvc.Catalog.PolicyLevels;

/// <summary>Policies at the four levels, and what holds of them.</summary>
internal static class PolicyLevelsApi
{
    private const string OfOperation = "/versions/{versionId}/operations/{operationId}/policies";

    public static void MapPolicyLevels(this RouteGroupBuilder routes)
    {
        routes
            .MapGet("/platform/policies", GetOfPlatformAsync)
            .RequirePermission("policies.read", Team.Any);
        routes
            .MapPut("/platform/policies", SetOfPlatformAsync)
            .RequirePermission("platform-policies.write", Team.Platform);
        routes
            .MapGet("/teams/{teamId}/policies", GetOfTeamAsync)
            .RequirePermission("policies.read", Team.FromRoute("teamId"));
        routes
            .MapPut("/teams/{teamId}/policies", SetOfTeamAsync)
            .RequirePermission("policies.write", Team.FromRoute("teamId"));
        routes
            .MapGet("/versions/{versionId}/policies", GetOfVersionAsync)
            .RequirePermission("policies.read", Team.Of<VersionOwners>("versionId"));
        routes
            .MapPut("/versions/{versionId}/policies", SetOfVersionAsync)
            .RequirePermission("policies.write", Team.Of<VersionOwners>("versionId"));
        routes
            .MapGet(OfOperation, GetOfOperationAsync)
            .RequirePermission("policies.read", Team.Of<VersionOwners>("versionId"));
        routes
            .MapPut(OfOperation, SetOfOperationAsync)
            .RequirePermission("policies.write", Team.Of<VersionOwners>("versionId"));
        routes
            .MapGet("/versions/{versionId}/effective-policies", GetEffectiveAsync)
            .RequirePermission("policies.read", Team.Of<VersionOwners>("versionId"));
    }

    private static PolicyPlace Platform { get; } =
        new(PolicyLevel.Platform, Guid.Empty, null, null, "platform");

    private static PolicyPlace Of(Id<TeamKind> team) =>
        new(PolicyLevel.Team, team.Value, null, team.Value, team.ToString());

    private static Task<Results<Tagged<PoliciesDocument>, ApiProblem>> GetOfPlatformAsync(
        NpgsqlDataSource database
    ) => GetAsync(database, _ => Task.FromResult<PolicyPlace?>(Platform));

    private static Task<Results<Tagged<PoliciesDocument>, ApiProblem>> SetOfPlatformAsync(
        IfMatch ifMatch,
        Body<PoliciesInput> body,
        Actor actor,
        PolicyLevelBook book
    ) => SetAsync(book, Platform, ifMatch, body, actor);

    private static Task<Results<Tagged<PoliciesDocument>, ApiProblem>> GetOfTeamAsync(
        Id<TeamKind> teamId,
        NpgsqlDataSource database
    ) => GetAsync(database, _ => Task.FromResult<PolicyPlace?>(Of(teamId)));

    private static Task<Results<Tagged<PoliciesDocument>, ApiProblem>> SetOfTeamAsync(
        Id<TeamKind> teamId,
        IfMatch ifMatch,
        Body<PoliciesInput> body,
        Actor actor,
        PolicyLevelBook book
    ) => SetAsync(book, Of(teamId), ifMatch, body, actor);

    private static Task<Results<Tagged<PoliciesDocument>, ApiProblem>> GetOfVersionAsync(
        Id<VersionKind> versionId,
        NpgsqlDataSource database
    ) => GetAsync(database, db => PlaceAsync(db, versionId, operation: null));

    private static async Task<Results<Tagged<PoliciesDocument>, ApiProblem>> SetOfVersionAsync(
        Id<VersionKind> versionId,
        IfMatch ifMatch,
        Body<PoliciesInput> body,
        Actor actor,
        PolicyLevelBook book,
        NpgsqlDataSource database
    )
    {
        await using var db = await database.OpenConnectionAsync();
        var place = await PlaceAsync(db, versionId, operation: null);
        return await SetAsync(book, place, ifMatch, body, actor);
    }

    private static Task<Results<Tagged<PoliciesDocument>, ApiProblem>> GetOfOperationAsync(
        Id<VersionKind> versionId,
        Id<OperationKind> operationId,
        NpgsqlDataSource database
    ) => GetAsync(database, db => PlaceAsync(db, versionId, operationId));

    private static async Task<Results<Tagged<PoliciesDocument>, ApiProblem>> SetOfOperationAsync(
        Id<VersionKind> versionId,
        Id<OperationKind> operationId,
        IfMatch ifMatch,
        Body<PoliciesInput> body,
        Actor actor,
        PolicyLevelBook book,
        NpgsqlDataSource database
    )
    {
        await using var db = await database.OpenConnectionAsync();
        var place = await PlaceAsync(db, versionId, operationId);
        return await SetAsync(book, place, ifMatch, body, actor);
    }

    private static async Task<Results<Ok<EffectiveDocument>, ApiProblem>> GetEffectiveAsync(
        Id<VersionKind> versionId,
        Query<EffectiveQuery> query,
        NpgsqlDataSource database
    )
    {
        await using var db = await database.OpenConnectionAsync();
        if (await PlaceAsync(db, versionId, query.Value.OperationId) is not { } place)
        {
            return ApiProblem.NotFound;
        }

        var team = place.Team!.Value;
        var levels = await PolicyLevelBook.OfVersionAsync(db, team, versionId.Value);
        var effective = EffectivePolicies.Of(
            levels.Of(PolicyLevel.Platform, Guid.Empty),
            levels.Of(PolicyLevel.Team, team),
            levels.Of(PolicyLevel.Version, versionId.Value),
            query.Value.OperationId is { } operation
                ? levels.Of(PolicyLevel.Operation, operation.Value)
                : []
        );
        return TypedResults.Ok(new EffectiveDocument(effective));
    }

    /// <returns>Null where the version has no such operation.</returns>
    private static async Task<PolicyPlace?> PlaceAsync(
        NpgsqlConnection db,
        Id<VersionKind> version,
        Id<OperationKind>? operation
    )
    {
        var team = await db.QuerySingleOrDefaultAsync<Guid?>(
            """
            select a.team_id from api a join api_version v on v.api_id = a.id
            where v.id = @version and (@operation::uuid is null
              or exists (select from operation o where o.version_id = v.id and o.id = @operation))
            """,
            new { version = version.Value, operation = operation?.Value }
        );
        if (team is null)
        {
            return null;
        }

        return operation is { } id
            ? new(PolicyLevel.Operation, id.Value, version.Value, team, id.ToString())
            : new(PolicyLevel.Version, version.Value, version.Value, team, version.ToString());
    }

    private static async Task<Results<Tagged<PoliciesDocument>, ApiProblem>> GetAsync(
        NpgsqlDataSource database,
        Func<NpgsqlConnection, Task<PolicyPlace?>> place
    )
    {
        await using var db = await database.OpenConnectionAsync();
        if (await place(db) is not { } found)
        {
            return ApiProblem.NotFound;
        }

        var row = await PolicyLevelBook.FindAsync(db, found);
        return TaggedResults.Ok(new PoliciesDocument(row.Level, row.Entries), row.Version);
    }

    private static async Task<Results<Tagged<PoliciesDocument>, ApiProblem>> SetAsync(
        PolicyLevelBook book,
        PolicyPlace? place,
        IfMatch ifMatch,
        Body<PoliciesInput> body,
        Actor actor
    ) =>
        place is null
            ? ApiProblem.NotFound
            : (await book.ReplaceAsync(place, body.Value.Policies, ifMatch.Check, actor)).To(row =>
                TaggedResults.Ok(new PoliciesDocument(row.Level, row.Entries), row.Version)
            );

    /// <summary>The policies of a level.</summary>
    internal sealed record PoliciesDocument(PolicyLevel Level, IReadOnlyList<PolicyEntry> Policies);

    /// <summary>All policies of a level: each a type and its settings.</summary>
    internal sealed record PoliciesInput
    {
        public required JsonElement Policies { get; init; }
    }

    /// <summary>What holds, with where it comes from.</summary>
    internal sealed record EffectiveDocument(IReadOnlyList<EffectivePolicy> Policies);

    internal sealed record EffectiveQuery
    {
        public Id<OperationKind>? OperationId { get; init; }
    }
}
