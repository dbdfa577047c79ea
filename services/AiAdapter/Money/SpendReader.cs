using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Npgsql;

namespace ApiSvc.AiAdapter.Money;

/// <summary>Sums the ledger up.</summary>
internal sealed class SpendReader(NpgsqlDataSource database, TimeProvider time)
{
    private const decimal PicoPerUnit = 1_000_000_000_000m;

    public async Task<SpendDocument> ReadAsync(Guid team, SpendFilter filter)
    {
        var (first, last) = filter.Days(time.GetUtcNow());
        var owner = filter.Side == SpendSide.Provider ? "api_team_id" : "application_team_id";
        var (key, order) = filter.By switch
        {
            SpendBy.Model => ("model", "pico desc nulls last, tokens desc"),
            SpendBy.Application => ("application_id::text", "pico desc nulls last, tokens desc"),
            SpendBy.Api => ("api_id::text", "pico desc nulls last, tokens desc"),
            _ => ("to_char(time at time zone 'UTC', 'YYYY-MM-DD')", "key"),
        };
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<SumRow>(
            $"""
            select {key} as key, case when pico is null then null else currency end as currency,
              count(*) as calls, sum(tokens)::bigint as tokens, sum(pico) as pico
            from ledger
            where {owner} = @team and time >= @begins and time < @ends
            group by 1, 2 order by {order}, 1, 2 limit 1000
            """,
            new
            {
                team,
                begins = StartOf(first),
                ends = StartOf(last.AddDays(1)),
            }
        );
        return new(
            first,
            last,
            filter.By,
            [
                .. rows.Select(row => new SpendRow(
                    KeyOf(row.Key, filter.By),
                    row.Currency,
                    row.Calls,
                    row.Tokens,
                    row.Pico / PicoPerUnit
                )),
            ]
        );
    }

    private static DateTimeOffset StartOf(DateOnly day) =>
        new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static string? KeyOf(string? key, SpendBy by) =>
        (by, Guid.TryParse(key, out var id)) switch
        {
            (SpendBy.Application, true) => new Id<ApplicationKind>(id).ToString(),
            (SpendBy.Api, true) => new Id<ApiKind>(id).ToString(),
            _ => key,
        };

    private sealed record SumRow
    {
        public string? Key { get; init; }

        public string? Currency { get; init; }

        public long Calls { get; init; }

        public long Tokens { get; init; }

        public decimal? Pico { get; init; }
    }
}
