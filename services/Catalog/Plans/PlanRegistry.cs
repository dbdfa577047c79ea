using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.Changes;
using ApiSvc.Catalog.Compilation;
using ApiSvc.Catalog.Deployments;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Plans;

/// <summary>Plans: lists, creation, change. A change holds at the gateways at once.</summary>
internal sealed class PlanRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    GatewayResources gateways,
    CatalogEvents events,
    UuidGenerator ids,
    TimeProvider time
)
{
    // Others than the team see the plans that something they see is offered in.
    private const string Visible = $"""
        (@all or p.team_id = any(@teams) or exists (
          select from api_version v join api a on a.id = v.api_id
          where v.plan_ids @> array[p.id] and v.state in ('Published', 'Deprecated', 'Suspended')
            and (@apisAll or a.team_id = any(@apisTeams) or a.visibility in ('Public', 'AllTeams') or a.visible_to && @apisTeams)))
        """;

    public async Task<List<PlanRow>> ListAsync(Caller caller, Guid? team, PageRequest<Guid> page)
    {
        var parameters = ScopeOf(caller);
        parameters.Add("team", team);
        parameters.Add("after", page.After);
        parameters.Add("fetch", page.Fetch);
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<PlanRow>(
            $"""
            select * from plan p where {Visible} and (@team::uuid is null or p.team_id = @team)
              and (@after::uuid is null or p.id > @after)
            order by p.id limit @fetch
            """,
            parameters
        );
        return rows.AsList();
    }

    public async Task<Outcome<PlanRow>> FindAsync(Guid id, Caller caller)
    {
        var parameters = ScopeOf(caller);
        parameters.Add("id", id);
        await using var db = await database.OpenConnectionAsync();
        return
            await db.QuerySingleOrDefaultAsync<PlanRow>(
                $"select * from plan p where p.id = @id and {Visible}",
                parameters
            )
                is { } row
            ? row
            : ApiProblem.NotFound;
    }

    public async Task<Outcome<PlanRow>> CreateAsync(Guid team, PlanInput input, Actor actor)
    {
        var row = new PlanRow
        {
            Id = ids.Next(),
            TeamId = team,
            Version = 1,
            CreatedAt = time.GetStoredNow(),
        }.With(input);
        var db = await work.OpenAsync();
        var added = await db.ExecuteAsync(
            """
            insert into plan (id, team_id, name, description, limits, quotas, operation_ids, approval, price, version, created_at)
            values (@Id, @TeamId, @Name, @Description, @Limits::jsonb, @Quotas::jsonb, @OperationIds, @Approval,
              @Price::jsonb, @Version, @CreatedAt)
            on conflict (team_id, name) do nothing
            """,
            row.Parameters
        );
        return added == 0
            ? NameTaken(input.Name)
            : await FinishAsync(db, null, row, "plan.create", actor);
    }

    /// <param name="change">Makes the input, given what is there.</param>
    public async Task<Outcome<PlanRow>> UpdateAsync(
        Guid id,
        Func<PlanRow, PlanInput> change,
        Precondition precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        var before = await db.QuerySingleOrDefaultAsync<PlanRow>(
            "select * from plan where id = @id for update",
            new { id }
        );
        if (before is null)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        var input = change(before);
        if (
            await db.ExecuteScalarAsync<bool>(
                "select exists (select from plan where team_id = @TeamId and name = @Name and id <> @Id)",
                new
                {
                    before.TeamId,
                    input.Name,
                    before.Id,
                }
            )
        )
        {
            return NameTaken(input.Name);
        }

        var after = before.With(input) with { Version = before.Version + 1 };
        await db.ExecuteAsync(
            """
            update plan set name = @Name, description = @Description, limits = @Limits::jsonb, quotas = @Quotas::jsonb,
              operation_ids = @OperationIds, approval = @Approval, price = @Price::jsonb, version = @Version
            where id = @Id
            """,
            after.Parameters
        );
        return await FinishAsync(db, before, after, "plan.update", actor);
    }

    private static DynamicParameters ScopeOf(Caller caller)
    {
        var parameters = ApiRow.ScopeOf(caller, "plans.read");
        var apis = caller.TeamsWith("apis.read");
        parameters.Add("apisAll", apis.IsAll);
        parameters.Add("apisTeams", apis.Teams.ToArray());
        return parameters;
    }

    private static ApiProblem NameTaken(string name) =>
        Problems.Taken("name-taken", $"The team has a plan '{name}' already.");

    private async Task<PlanRow> FinishAsync(
        NpgsqlConnection db,
        PlanRow? before,
        PlanRow after,
        string action,
        Actor actor
    )
    {
        work.AddAudit(
            actor.Did(
                action,
                after.PublicId,
                after.TeamId,
                before?.ToDocument(),
                after.ToDocument()
            )
        );
        events.Changed(after);
        await gateways.PutEverywhereAsync(db, PlanCompiler.Compile(after.ToContent()));
        await gateways.AppendAsync();
        await work.CommitAsync();
        return after;
    }
}
