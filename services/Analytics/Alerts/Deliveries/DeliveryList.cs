using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>Deliveries of teams, newest first.</summary>
internal sealed class DeliveryList(NpgsqlDataSource database)
{
    public async Task<List<DeliveryRow>> ListAsync(
        Guid team,
        Guid? channel,
        DeliveryStatus? status,
        PageRequest<Guid> page
    )
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<DeliveryRow>(
            """
            select * from alert_delivery
            where team_id = @team and (@channel::uuid is null or channel_id = @channel)
              and (@status::text is null or status = @status) and (@after::uuid is null or id < @after)
            order by id desc limit @fetch
            """,
            new
            {
                team,
                channel,
                status = status?.ToString(),
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }

    public async Task<Outcome<DeliveryRow>> FindAsync(Guid team, Guid id)
    {
        await using var db = await database.OpenConnectionAsync();
        return
            await db.QuerySingleOrDefaultAsync<DeliveryRow>(
                "select * from alert_delivery where id = @id and team_id = @team",
                new { team, id }
            )
                is { } row
            ? row
            : ApiProblem.NotFound;
    }
}
