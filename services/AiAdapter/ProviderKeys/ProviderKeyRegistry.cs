using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Connections;
using ApiSvc.AiAdapter.Outcomes;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Sealing;
using Dapper;
using Npgsql;

namespace ApiSvc.AiAdapter.ProviderKeys;

/// <summary>Keys of connections: made, changed, rotated, deleted. Their secrets come in and never go out.</summary>
internal sealed class ProviderKeyRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    ISealer sealer,
    CurrentCatalogue catalogue,
    UuidGenerator ids,
    TimeProvider time
) : TeamRegistry<ProviderKeyRow>(ProviderKeyRow.Table, "ai-provider-key", "key", work, database)
{
    /// <returns>Not found where there is no such connection.</returns>
    public async Task<Outcome<List<ProviderKeyRow>>> ListAsync(
        Guid team,
        Guid connection,
        PageRequest<Guid> page
    )
    {
        await using var db = await Database.OpenConnectionAsync();
        if (await ConnectionRow.Table.FindAsync(db, team, connection) is null)
        {
            return ApiProblem.NotFound;
        }

        return await Table.ListAsync(db, team, page, "connection_id = @parent", connection);
    }

    public async Task<Outcome<ProviderKeyRow>> FindAsync(Guid team, Guid connection, Guid id)
    {
        var found = await FindAsync(team, id);
        return found.IsRight && found.Value.ConnectionId != connection
            ? ApiProblem.NotFound
            : found;
    }

    public async Task<Outcome<ProviderKeyRow>> CreateAsync(
        Guid team,
        Guid connection,
        NewProviderKeyInput input,
        Actor actor
    )
    {
        var db = await Work.OpenAsync();
        if (await ConnectionRow.Table.FindAsync(db, team, connection, "for share") is not { } owner)
        {
            return ApiProblem.NotFound;
        }

        if (FindFault(owner, input.Secret, "#/secret/accessKeyId") is { } fault)
        {
            return ApiProblem.Invalid(fault);
        }

        var row = new ProviderKeyRow
        {
            Id = ids.Next(),
            TeamId = team,
            ConnectionId = connection,
            Version = 1,
            CreatedAt = time.GetStoredNow(),
        };
        return await InsertAsync(row.With(input).With(input.Secret, sealer), actor);
    }

    public Task<Outcome<ProviderKeyRow>> UpdateAsync(
        Guid team,
        Guid connection,
        Guid id,
        ProviderKeyInput input,
        Precondition precondition,
        Actor actor
    ) =>
        UpdateAsync(
            team,
            id,
            precondition,
            actor,
            (_, before) =>
                Task.FromResult<Outcome<ProviderKeyRow>>(
                    before.ConnectionId == connection
                        ? before.With(input) with
                        {
                            Version = before.Version + 1,
                        }
                        : ApiProblem.NotFound
                )
        );

    /// <summary>Puts another secret in the old one's place; calls use it from then on.</summary>
    public Task<Outcome<ProviderKeyRow>> RotateAsync(
        Guid team,
        Guid connection,
        Guid id,
        ProviderSecret secret,
        Precondition precondition,
        Actor actor
    ) =>
        UpdateAsync(
            team,
            id,
            precondition,
            actor,
            async (db, before) =>
            {
                if (
                    before.ConnectionId != connection
                    || await ConnectionRow.Table.FindAsync(db, team, connection) is not { } owner
                )
                {
                    return ApiProblem.NotFound;
                }

                return FindFault(owner, secret, "#/accessKeyId") is { } fault
                    ? ApiProblem.Invalid(fault)
                    : before.With(secret, sealer) with
                    {
                        Version = before.Version + 1,
                        RotatedAt = time.GetStoredNow(),
                    };
            },
            "rotate"
        );

    public async Task<ApiProblem?> DeleteAsync(
        Guid team,
        Guid connection,
        Guid id,
        Precondition precondition,
        Actor actor
    ) =>
        (await FindAsync(team, connection, id)).Problem
        ?? await DeleteAsync(team, id, precondition, actor);

    private Violation? FindFault(ConnectionRow owner, ProviderSecret secret, string at)
    {
        var signs =
            owner.ToConfig(catalogue.Providers)?.Authentication.Kind == AuthenticationKind.SigV4;
        return (signs, secret.AccessKeyId) switch
        {
            (true, null) => new(at, "required", "The provider needs an access key's id."),
            (false, not null) => new(at, "not_allowed", "The provider knows no access key's id."),
            _ => null,
        };
    }

    protected override async Task<ApiProblem?> FindUserAsync(
        NpgsqlConnection db,
        ProviderKeyRow row
    ) =>
        await db.QueryFirstOrDefaultAsync<string>(
            """
            select name from virtual_model
            where team_id = @TeamId
              and targets @> jsonb_build_array(jsonb_build_object('keyIds', jsonb_build_array(@PublicId)))
            order by name
            """,
            new { row.TeamId, row.PublicId }
        )
            is { } user
            ? Problems.InUse($"The virtual model '{user}' names it: take it out there first.")
            : null;
}
