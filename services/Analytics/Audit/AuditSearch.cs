using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Paging;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Audit;

/// <summary>Finds entries, newest first.</summary>
internal sealed class AuditSearch(NpgsqlDataSource database)
{
    public const string Permission = "audit.read";

    public async Task<IReadOnlyList<AuditRow>> FindAsync(
        QueryScope scope,
        AuditFilter filter,
        PageRequest<(DateTimeOffset Time, Guid Id)> page,
        CancellationToken cancellationToken
    )
    {
        var prefix = filter.Action?.EndsWith('*') == true ? filter.Action[..^1] : null;
        var conditions = new List<string>();
        void Where(string condition, object? given)
        {
            if (given is not null)
            {
                conditions.Add(condition);
            }
        }

        // Only what is asked stands in the statement, so that the planner sees which index serves it.
        Where("team_id = @team", scope.Team);
        Where("time >= @From", filter.From);
        Where("time < @To", filter.To);
        Where("service = @Service", filter.Service);
        Where("actor = @Actor", filter.Actor);
        Where(prefix is null ? "action = @Action" : "starts_with(action, @prefix)", filter.Action);
        Where("object_kind = @ObjectKind", filter.ObjectKind);
        Where("object_id = @ObjectId", filter.ObjectId);
        Where("result = @Result", filter.Result);
        Where("(time, id) < (@afterTime, @afterId)", page.After);

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var rows = await db.QueryAsync<AuditRow>(
            new(
                $"""
                select * from audit_entry
                {(conditions.Count == 0 ? "" : "where " + string.Join(" and ", conditions))}
                order by time desc, id desc limit @fetch
                """,
                new
                {
                    team = scope.Team,
                    filter.From,
                    filter.To,
                    filter.Service,
                    filter.Actor,
                    filter.Action,
                    prefix,
                    filter.ObjectKind,
                    filter.ObjectId,
                    filter.Result,
                    afterTime = page.After?.Time,
                    afterId = page.After?.Id,
                    fetch = page.Fetch,
                },
                cancellationToken: cancellationToken
            )
        );
        return rows.AsList();
    }
}
