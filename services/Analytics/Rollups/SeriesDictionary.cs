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

    /// <summary>The number of a key; 0 where it is not in memory.</summary>
    public int Find(TKey key) => _ids.GetValueOrDefault(key);

    /// <summary>Gives every key its number.</summary>
    public async Task StoreAsync(
        NpgsqlConnection db,
        IReadOnlyCollection<TKey> keys,
        CancellationToken cancellationToken
    )
    {
        for (var open = keys.ToList(); open.Count > 0; open = [.. open.Where(k => Find(k) == 0)])
        {
            // What another instance stores at the same moment is seen by the second look.
            foreach (var (key, id) in await table.StoreAsync(db, open, cancellationToken))
            {
                _ids[key] = id;
            }
        }
    }

    /// <summary>Forgets all when they became many: between batches.</summary>
    public void Trim()
    {
        if (_ids.Count > MostInMemory)
        {
            _ids.Clear();
        }
    }
}
