using Npgsql;

namespace ApiSvc.Analytics.Rollups;

/// <summary>The table of a family's series.</summary>
/// <param name="Family">The family.</param>
/// <param name="Columns">The dimensions' values of keys, each as an array, in the order of the dimensions.</param>
/// <param name="Read">Reads a key, from column 1 on.</param>
internal sealed record SeriesTable<TKey>(
    RollupFamily Family,
    Func<IReadOnlyList<TKey>, IEnumerable<Array>> Columns,
    Func<NpgsqlDataReader, TKey> Read
)
    where TKey : struct
{
    /// <summary>Stores those that are not there.</summary>
    /// <returns>The numbers of all, except of those that another transaction stores just now.</returns>
    public async Task<IReadOnlyList<(TKey Key, int Id)>> StoreAsync(
        NpgsqlConnection db,
        IReadOnlyList<TKey> keys,
        CancellationToken cancellationToken
    )
    {
        var values = Columns(keys).ToList();
        await using var command = new NpgsqlCommand(Sql(values.Count), db);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        var stored = new List<(TKey, int)>(keys.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            stored.Add((Read(reader), reader.GetInt32(0)));
        }

        return stored;
    }

    // Looks before it inserts: most are there, and an insert that meets a row still takes a number. In one order, so
    // that two instances which store the same series never wait for each other in a circle.
    private string Sql(int count)
    {
        var columns = string.Join(", ", Family.Dimensions);
        var keys = string.Join(", ", Family.Dimensions.Select(d => "k." + d));
        var arrays = string.Join(", ", Enumerable.Range(1, count).Select(i => $"${i}"));
        return $"""
            with k as materialized (select * from unnest({arrays}) as u ({columns})),
            added as (
              insert into {Family.Series} ({columns})
              select {keys} from k left join {Family.Series} s using ({columns}) where s.id is null order by {keys}
              on conflict do nothing returning id, {columns}
            )
            select id, {columns} from added
            union all
            select s.id, {keys} from k join {Family.Series} s using ({columns})
            """;
    }
}

/// <summary>The families' tables of series.</summary>
internal static class SeriesTables
{
    public static SeriesTable<ApiSeriesKey> Api { get; } =
        new(
            RollupFamily.Api,
            keys =>
                [
                    Array(keys, k => k.ProviderTeam),
                    Array(keys, k => k.ApiId),
                    Array(keys, k => k.VersionId),
                    Array(keys, k => k.OperationId),
                    Array(keys, k => k.Environment),
                    Array(keys, k => k.StatusClass),
                ],
            row =>
                new(
                    row.GetGuid(1),
                    row.GetGuid(2),
                    row.GetGuid(3),
                    row.GetGuid(4),
                    row.GetString(5),
                    row.GetInt16(6)
                )
        );

    public static SeriesTable<ApplicationSeriesKey> Application { get; } =
        new(
            RollupFamily.Application,
            keys =>
                [
                    Array(keys, k => k.ProviderTeam),
                    Array(keys, k => k.ConsumerTeam),
                    Array(keys, k => k.ApiId),
                    Array(keys, k => k.ApplicationId),
                    Array(keys, k => k.SubscriptionId),
                    Array(keys, k => k.PlanId),
                    Array(keys, k => k.Environment),
                    Array(keys, k => k.StatusClass),
                ],
            row =>
                new(
                    row.GetGuid(1),
                    row.GetGuid(2),
                    row.GetGuid(3),
                    row.GetGuid(4),
                    row.GetGuid(5),
                    row.GetGuid(6),
                    row.GetString(7),
                    row.GetInt16(8)
                )
        );

    public static SeriesTable<SummarySeriesKey> Summary { get; } =
        new(
            RollupFamily.Summary,
            keys =>
                [
                    Array(keys, k => k.ProviderTeam),
                    Array(keys, k => k.ApiId),
                    Array(keys, k => k.Environment),
                    Array(keys, k => k.StatusClass),
                ],
            row => new(row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetInt16(4))
        );

    public static SeriesTable<ProviderSeriesKey> Provider { get; } =
        new(
            RollupFamily.Provider,
            keys =>
                [
                    Array(keys, k => k.ProviderTeam),
                    Array(keys, k => k.Environment),
                    Array(keys, k => k.StatusClass),
                ],
            row => new(row.GetGuid(1), row.GetString(2), row.GetInt16(3))
        );

    private static T[] Array<TKey, T>(IReadOnlyList<TKey> keys, Func<TKey, T> value) =>
        [.. keys.Select(value)];
}
