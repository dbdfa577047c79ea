using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Versions;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Bindings;

/// <summary>Bindings: read and set. What is set is served from the next deployment on.</summary>
internal sealed class BindingRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    UpstreamAddresses addresses
)
{
    private const string Select =
        "select * from binding where version_id = @version and environment = @environment and upstream = @upstream";

    public async Task<Outcome<BindingRow>> FindAsync(
        Guid version,
        string environment,
        string upstream
    )
    {
        await using var db = await database.OpenConnectionAsync();
        return
            await db.QuerySingleOrDefaultAsync<BindingRow>(
                Select,
                new
                {
                    version,
                    environment,
                    upstream,
                }
            )
                is { } row
            ? row
            : ApiProblem.NotFound;
    }

    /// <param name="precondition">Asked with 0 where nothing is set yet.</param>
    public async Task<Outcome<BindingRow>> SetAsync(
        Guid version,
        string environment,
        string upstream,
        BindingInput input,
        Precondition precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        var team = await db.QuerySingleOrDefaultAsync<Guid?>(
            "select a.team_id from api a join api_version v on v.api_id = a.id where v.id = @version",
            new { version }
        );
        var isThere = await db.ExecuteScalarAsync<bool>(
            "select exists (select from environment where name = @environment)",
            new { environment }
        );
        if (
            !isThere
            || team is null
            || await VersionRow.FindAsync(db, version, forChange: true) is not { } row
            || row.UpstreamList.All(u => u.Name != upstream)
        )
        {
            return ApiProblem.NotFound;
        }

        if (addresses.FindFaults(input.Addresses).ToList() is { Count: > 0 } faults)
        {
            return ApiProblem.Invalid(faults);
        }

        var before = await db.QuerySingleOrDefaultAsync<BindingRow>(
            Select,
            new
            {
                version,
                environment,
                upstream,
            }
        );
        if (precondition(before?.Version ?? 0) is { } stale)
        {
            return stale;
        }

        var after = new BindingRow
        {
            Environment = environment,
            VersionId = version,
            Upstream = upstream,
            Addresses = Stored.Write(input.Addresses),
            Version = (before?.Version ?? 0) + 1,
        };
        await SaveAsync(db, after);
        work.AddAudit(
            actor.Did("binding.set", row.PublicId, team, before?.ToDocument(), after.ToDocument())
        );
        await work.CommitAsync();
        return after;
    }

    private static Task<int> SaveAsync(NpgsqlConnection db, BindingRow row) =>
        db.ExecuteAsync(
            """
            insert into binding (environment, version_id, upstream, addresses, version)
            values (@Environment, @VersionId, @Upstream, @Addresses::jsonb, @Version)
            on conflict (version_id, environment, upstream) do update
            set addresses = excluded.addresses, version = excluded.version
            """,
            row
        );
}
