using ApiSvc.ServiceDefaults.Commands;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Sealing;

/// <summary>
/// <c>rewrap</c>: seals every value again that is not under the active key, after which the old key can go. It may
/// be stopped and started again, run beside the service and beside itself: a value is replaced only if it is still
/// the one that was read.
/// </summary>
internal sealed class RewrapCommand(
    NpgsqlDataSource database,
    KeyRing ring,
    ISealer sealer,
    IEnumerable<SealedColumn> columns
) : IServiceCommand
{
    private const int BatchSize = 200;

    public string Name => "rewrap";

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var complete = true;
        foreach (var column in columns.Distinct())
        {
            var (rewrapped, left) = await RewrapAsync(column, cancellationToken);
            complete &= left == 0;
            await Console.Out.WriteLineAsync(
                $"{column.Table}.{column.Column}: {rewrapped} sealed again under '{ring.ActiveId}', {left} left."
            );
        }

        return complete ? 0 : 1;
    }

    private async Task<(long Rewrapped, long Left)> RewrapAsync(
        SealedColumn column,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        long rewrapped = 0;
        object? after = null;
        while (true)
        {
            var rows = await ReadAsync(connection, column, after, cancellationToken);
            if (rows.Count == 0)
            {
                return (rewrapped, await CountAsync(connection, column, cancellationToken));
            }

            rewrapped += await ReplaceAsync(connection, column, rows, cancellationToken);
            after = rows[^1].Key;
        }
    }

    // Past the last row read, not from the start: a value that does not open must not stop the rest.
    private async Task<List<Row>> ReadAsync(
        NpgsqlConnection connection,
        SealedColumn column,
        object? after,
        CancellationToken cancellationToken
    )
    {
        var past = after is null ? "" : $"and {column.IdColumn} > @after";
        await using var select = new NpgsqlCommand(
            $"""
            select {column.IdColumn}, {column.IdColumn}::text, {column.Column}
            from {column.Table}
            where {NotActive(column)} {past}
            order by 1
            limit {BatchSize}
            """,
            connection
        );
        AddHeader(select);
        if (after is not null)
        {
            select.Parameters.AddWithValue("after", after);
        }

        var rows = new List<Row>();
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new(reader.GetValue(0), reader.GetString(1), (byte[])reader.GetValue(2)));
        }

        return rows;
    }

    private async Task<long> ReplaceAsync(
        NpgsqlConnection connection,
        SealedColumn column,
        List<Row> rows,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var row in rows)
        {
            var opened = sealer.Open(column.At(row.Id), row.Value);
            if (opened.Value is null)
            {
                await Console.Error.WriteLineAsync(
                    $"{column.Table}.{column.Column}, row {row.Id}: {opened.Detail}"
                );
                continue;
            }

            var update = new NpgsqlBatchCommand(
                $"update {column.Table} set {column.Column} = @new where {column.IdColumn} = @id and {column.Column} = @old"
            );
            update.Parameters.AddWithValue("new", sealer.Seal(column.At(row.Id), opened.Value));
            update.Parameters.AddWithValue("id", row.Key);
            update.Parameters.AddWithValue("old", row.Value);
            batch.BatchCommands.Add(update);
        }

        return batch.BatchCommands.Count == 0
            ? 0
            : await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<long> CountAsync(
        NpgsqlConnection connection,
        SealedColumn column,
        CancellationToken cancellationToken
    )
    {
        await using var count = new NpgsqlCommand(
            $"select count(*) from {column.Table} where {NotActive(column)}",
            connection
        );
        AddHeader(count);
        return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string NotActive(SealedColumn column) =>
        $"{column.Column} is not null and substring({column.Column} from 1 for length(@header)) <> @header";

    private void AddHeader(NpgsqlCommand command) =>
        command.Parameters.AddWithValue("header", SealedFormat.Header(ring.ActiveId));

    private sealed record Row(object Key, string Id, byte[] Value);
}
