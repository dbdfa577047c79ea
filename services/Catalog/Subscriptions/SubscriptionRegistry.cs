using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.Applications;
using ApiSvc.Catalog.Deployments;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Plans;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Subscriptions;

/// <summary>Which subscriptions a list shows.</summary>
internal sealed record SubscriptionFilter(Guid? Application, Guid? Api, SubscriptionState? State);

/// <summary>Subscriptions: lists, requests, steps from state to state.</summary>
internal sealed class SubscriptionRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    GatewayResources gateways,
    SubscriptionSteps steps,
    UuidGenerator ids,
    TimeProvider time
)
{
    public async Task<List<SubscriptionRow>> ListAsync(
        Caller caller,
        SubscriptionFilter filter,
        PageRequest<Guid> page
    )
    {
        var parameters = ApiRow.ScopeOf(caller, "subscriptions.read");
        parameters.Add("application", filter.Application);
        parameters.Add("api", filter.Api);
        parameters.Add("state", filter.State?.ToString());
        parameters.Add("after", page.After);
        parameters.Add("fetch", page.Fetch);
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<SubscriptionRow>(
            $"""
            select * from subscription s where {SubscriptionRow.Visible}
              and (@application::uuid is null or s.application_id = @application)
              and (@api::uuid is null or s.api_id = @api)
              and (@state::text is null or s.state = @state)
              and (@after::uuid is null or s.id > @after)
            order by s.id limit @fetch
            """,
            parameters
        );
        return rows.AsList();
    }

    public async Task<Outcome<SubscriptionRow>> FindAsync(Guid id, Caller caller)
    {
        await using var db = await database.OpenConnectionAsync();
        return await FindVisibleAsync(db, id, caller, "") is { } row ? row : ApiProblem.NotFound;
    }

    public async Task<Outcome<SubscriptionRow>> SubscribeAsync(
        Guid applicationId,
        SubscriptionInput input,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await ApplicationRow.FindAsync(db, applicationId, "for share") is not { } application)
        {
            return ApiProblem.NotFound;
        }

        if (input.ExpiresAt <= time.GetStoredNow())
        {
            return ApiProblem.Invalid(
                new Violation("#/expiresAt", "too_early", "Must be in the future.")
            );
        }

        var found = await FindOfferAsync(db, input, application.TeamId, actor.Caller);
        if (!found.IsRight)
        {
            return found.Problem;
        }

        var (api, plan) = found.Value;
        var row = new SubscriptionRow
        {
            Id = ids.Next(),
            ApplicationId = applicationId,
            ApplicationTeamId = application.TeamId,
            ApiId = api.Id,
            ApiTeamId = api.TeamId,
            PlanId = plan.Id,
            Environment = input.Environment,
            State =
                plan.Approval == Approval.Automatic
                    ? SubscriptionState.Active
                    : SubscriptionState.Pending,
            Reason = input.Reason,
            ExpiresAt = input.ExpiresAt,
            Version = 1,
            CreatedAt = time.GetStoredNow(),
        };
        if (!await AddAsync(db, row))
        {
            return Problems.Taken(
                "already-subscribed",
                $"The application has a subscription to this API in {input.Environment} already. Cancel it to subscribe to another plan."
            );
        }

        work.AddAudit(
            actor.Did(
                "subscription.create",
                row.PublicId,
                application.TeamId,
                after: row.ToDocument()
            )
        );
        await steps.TellAsync(db, row, row.State);
        await gateways.AppendAsync();
        await work.CommitAsync();
        return row;
    }

    public async Task<Outcome<SubscriptionRow>> MoveAsync(
        Guid id,
        SubscriptionState to,
        string comment,
        Precondition precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await FindVisibleAsync(db, id, actor.Caller, "for update") is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (FindRefusal(before, to, actor.Caller) is { } refusal)
        {
            return refusal;
        }

        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        if (SubscriptionTransitions.Find(before.State, to) is null)
        {
            var allowed = SubscriptionTransitions
                .From(before.State)
                .Select(t => t.To.ToString())
                .ToList();
            var way = allowed.Count == 0 ? "nowhere" : $"to {string.Join(" or ", allowed)}";
            return Problems.NotNow(
                "illegal-transition",
                $"A subscription that is {before.State} cannot become {to}; from here it goes {way}."
            );
        }

        var after = await steps.TakeAsync(db, before, to, comment, actor);
        await gateways.AppendAsync();
        await work.CommitAsync();
        return after;
    }

    /// <returns>False where a live one is there already.</returns>
    private static async Task<bool> AddAsync(NpgsqlConnection db, SubscriptionRow row)
    {
        var added = await db.ExecuteAsync(
            """
            insert into subscription (id, application_id, application_team_id, api_id, api_team_id, plan_id, environment,
              state, reason, comment, expires_at, version, created_at)
            values (@Id, @ApplicationId, @ApplicationTeamId, @ApiId, @ApiTeamId, @PlanId, @Environment, @state, @Reason,
              '', @ExpiresAt, @Version, @CreatedAt)
            on conflict (application_id, api_id, environment) where state in ('Pending', 'Active', 'Suspended') do nothing
            """,
            new
            {
                row.Id,
                row.ApplicationId,
                row.ApplicationTeamId,
                row.ApiId,
                row.ApiTeamId,
                row.PlanId,
                row.Environment,
                state = row.State.ToString(),
                row.Reason,
                row.ExpiresAt,
                row.Version,
                row.CreatedAt,
            }
        );
        return added > 0;
    }

    private static ApiProblem? FindRefusal(
        SubscriptionRow subscription,
        SubscriptionState to,
        Caller caller
    )
    {
        var party = subscription.PartyOf(caller);
        if (party == Parties.None)
        {
            return Problems.Forbidden(
                "This needs the permission 'subscriptions.approve' in the API's team or 'subscriptions.request' in the application's."
            );
        }

        return
            SubscriptionTransitions.Find(subscription.State, to) is { } step
            && (step.By & party) == Parties.None
            ? Problems.Forbidden(
                $"This step is for the {(step.By.HasFlag(Parties.Provider) ? "API's team" : step.By.HasFlag(Parties.Consumer) ? "application's team" : "catalog itself")}."
            )
            : null;
    }

    private static Task<SubscriptionRow?> FindVisibleAsync(
        NpgsqlConnection db,
        Guid id,
        Caller caller,
        string lockClause
    )
    {
        var parameters = ApiRow.ScopeOf(caller, "subscriptions.read");
        parameters.Add("id", id);
        return db.QuerySingleOrDefaultAsync<SubscriptionRow>(
            $"select * from subscription s where s.id = @id and {SubscriptionRow.Visible} {lockClause}",
            parameters
        );
    }

    // The API's own team may try it before it is published.
    private static async Task<Outcome<(ApiRow Api, PlanRow Plan)>> FindOfferAsync(
        NpgsqlConnection db,
        SubscriptionInput input,
        Guid team,
        Caller caller
    )
    {
        var wrong = new List<Violation>();
        if (
            !await db.ExecuteScalarAsync<bool>(
                "select exists (select from environment where name = @Environment)",
                new { input.Environment }
            )
        )
        {
            wrong.Add(new("#/environment", "unknown", "There is no such environment."));
        }

        var parameters = ApiRow.ScopeOf(caller, "apis.read");
        parameters.Add("id", input.ApiId.Value);
        var api = await db.QuerySingleOrDefaultAsync<ApiRow>(
            $"select {ApiRow.Columns} from api a where a.id = @id and {ApiRow.Visible} for share of a",
            parameters
        );
        if (api is null)
        {
            wrong.Add(new("#/apiId", "unknown", "There is no such API, or you may not see it."));
            return ApiProblem.Invalid(wrong);
        }

        var plan = await db.QuerySingleOrDefaultAsync<PlanRow>(
            """
            select p.* from plan p where p.id = @plan and exists (
              select from api_version v where v.api_id = @api and p.id = any(v.plan_ids)
                and (v.state in ('Published', 'Suspended')
                  or (@isOwn and v.state in ('Draft', 'InReview', 'Approved', 'Deprecated'))))
            """,
            new
            {
                plan = input.PlanId.Value,
                api = api.Id,
                isOwn = team == api.TeamId,
            }
        );
        if (plan is null)
        {
            wrong.Add(
                new("#/planId", "not_offered", "No version of the API is offered in this plan now.")
            );
        }

        return wrong.Count > 0 ? ApiProblem.Invalid(wrong) : (api, plan!);
    }
}
