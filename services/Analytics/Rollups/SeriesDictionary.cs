using Npgsql;

namespace ApiSvc.Analytics.Rollups;

/// <summary>
/// The numbers of a family's series. New ones are stored before the transaction of the calls, as texts are: two
/// transactions that store the same would wait for each other.
/// </summary>
internal sealed class SeriesDictionary<TKey>(SeriesTable<TKey> table)
    where TKey : struct
{
    private const int MostInMemory = 500_000;

    private readonly Dictionary<TKey, int> _ids = [];

    public int this[TKey key] => _ids[key];

    /// <summary>Gives every key its number.</summary>
    /// <returns>The keys that were not in memory.</returns>
    public async Task<IReadOnlyCollection<TKey>> StoreAsync(
        NpgsqlConnection db,
        IEnumerable<TKey> keys,
        CancellationToken cancellationToken
    )
    {
        var wanted = keys.ToHashSet();
        if (_ids.Count > MostInMemory)
        {
            _ids.Clear();
        }

        var missing = wanted.Where(k => !_ids.ContainsKey(k)).ToList();
        for (var open = missing; open.Count > 0; open = [.. open.Where(k => !_ids.ContainsKey(k))])
        {
            // What another instance stores at the same moment is seen by the second look.
            foreach (var (key, id) in await table.StoreAsync(db, open, cancellationToken))
            {
                _ids[key] = id;
            }
        }

        return missing;
    }
}
