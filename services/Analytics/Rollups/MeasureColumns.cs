using Npgsql;

namespace ApiSvc.Analytics.Rollups;

/// <summary>Measures to and from the columns of the rollups' tables.</summary>
internal static class MeasureColumns
{
    private static readonly IReadOnlyList<string> All = [.. Measures.Columns, "latency"];

    public static string List { get; } = string.Join(", ", All);

    /// <summary>For <c>on conflict do update</c>: the given row replaces the one there.</summary>
    public static string Assignments { get; } =
        string.Join(", ", All.Select(c => $"{c} = excluded.{c}"));

    /// <summary>The wanted columns of a table.</summary>
    public static string Of(string table, MeasureSet wanted) =>
        string.Join(", ", Names(wanted).Select(c => $"{table}.{c}"));

    /// <summary>Sums of the wanted columns; histograms one after the other, as they add up.</summary>
    public static string Sums(MeasureSet wanted) =>
        string.Join(
            ", ",
            Names(wanted)
                .Select(c =>
                    c == "latency"
                        ? $"string_agg(latency, '\\x{LatencyHistogram.Separator:x2}'::bytea)"
                        : $"sum({c})::bigint"
                )
        );

    /// <summary>The columns' parameters, numbered from <paramref name="first"/>.</summary>
    public static string Placeholders(int first) =>
        string.Join(", ", All.Select((_, i) => $"${first + i}"));

    /// <summary>Adds a row's columns, from the ordinal on, in the order of <see cref="List"/>.</summary>
    public static void AddTo(Measures cell, NpgsqlDataReader row, int ordinal)
    {
        AddNumbersTo(cell, row, ordinal);
        cell.Latency.Add(row.GetFieldValue<byte[]>(ordinal + Measures.Columns.Length));
    }

    /// <summary>The same without the histogram.</summary>
    public static void AddNumbersTo(Measures cell, NpgsqlDataReader row, int ordinal)
    {
        for (var i = 0; i < Measures.Columns.Length; i++)
        {
            cell.Numbers[i] += row.GetInt64(ordinal + i);
        }
    }

    /// <summary>Adds a row of <see cref="Sums"/>, from the ordinal on.</summary>
    public static void AddSumsTo(
        Measures cell,
        NpgsqlDataReader row,
        int ordinal,
        MeasureSet wanted
    )
    {
        foreach (var column in wanted.Columns)
        {
            cell.Numbers[column] += row.GetInt64(ordinal++);
        }

        if (wanted.Histograms)
        {
            cell.Latency.Add(row.GetFieldValue<byte[]>(ordinal));
        }
    }

    /// <summary>Adds each column of the cells as an array.</summary>
    public static void AddParameters(NpgsqlCommand command, IReadOnlyList<Measures> cells)
    {
        for (var i = 0; i < Measures.Columns.Length; i++)
        {
            command.Parameters.Add(new() { Value = cells.Select(c => c.Numbers[i]).ToArray() });
        }

        command.Parameters.Add(new() { Value = cells.Select(c => c.Latency.ToBytes()).ToArray() });
    }

    private static IEnumerable<string> Names(MeasureSet wanted) =>
        wanted
            .Columns.Select(c => Measures.Columns[c])
            .Concat(wanted.Histograms ? ["latency"] : []);
}
