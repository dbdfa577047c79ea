using ApiSvc.Analytics.Queries;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Dimensions;

/// <summary>What values of dimensions are called.</summary>
internal sealed class NameBook(NpgsqlDataSource database)
{
    /// <param name="dimension">The dimension.</param>
    /// <param name="stored">Its values as SQL writes them.</param>
    /// <param name="cancellationToken">The call's.</param>
    /// <returns>For each its public form, and its name: the public form again where none is known.</returns>
    public async Task<IReadOnlyDictionary<string, NamedKey>> NameAsync(
        Dimension dimension,
        IEnumerable<string> stored,
        CancellationToken cancellationToken
    )
    {
        var keys = stored.ToList();
        var known =
            DimensionKeys.NamesOf(dimension) is { } kind && keys.Count > 0
                ? await ReadAsync(kind, keys, cancellationToken)
                : [];
        return keys.ToDictionary(
            key => key,
            key =>
            {
                var published = DimensionKeys.Publish(dimension, key);
                return new NamedKey(published, known.GetValueOrDefault(key, published));
            },
            StringComparer.Ordinal
        );
    }

    // A subscription has no name of its own: it is called by what it connects.
    private async Task<Dictionary<string, string>> ReadAsync(
        NameKind kind,
        List<string> keys,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var rows = await db.QueryAsync<(string Id, string Name)>(
            """
            select n.id::text, case when n.kind = 3 then concat_ws(' ', p.name, n.name) else n.name end
            from dimension_name n left join dimension_name p on p.id = n.parent_id and p.kind = 2
            where n.kind = @kind and n.id = any(@ids) and n.name <> ''
            """,
            new { kind = (short)kind, ids = keys.Select(Guid.Parse).ToArray() }
        );
        return rows.ToDictionary(r => r.Id, r => r.Name, StringComparer.Ordinal);
    }
}

/// <summary>A dimension's value as it is shown.</summary>
internal sealed record NamedKey(string Key, string Name);
