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

    /// <summary>Sums of the counting columns.</summary>
    public static string Sums { get; } =
        string.Join(", ", Measures.Columns.Select(c => $"sum({c})::bigint"));

    /// <summary>The columns' parameters, numbered from <paramref name="first"/>.</summary>
    public static string Placeholders(int first) =>
        string.Join(", ", All.Select((_, i) => $"${first + i}"));

    /// <summary>Adds a row's columns, from the ordinal on, in the order of <see cref="List"/>.</summary>
    public static void AddTo(Measures cell, NpgsqlDataReader row, int ordinal)
    {
        AddNumbersTo(cell, row, ordinal);
        cell.Latency.Add(row.GetFieldValue<byte[]>(ordinal + Measures.Columns.Count));
    }

    /// <summary>The same without the histogram.</summary>
    public static void AddNumbersTo(Measures cell, NpgsqlDataReader row, int ordinal)
    {
        for (var i = 0; i < Measures.Columns.Count; i++)
        {
            cell.Numbers[i] += row.GetInt64(ordinal + i);
        }
    }

    /// <summary>Adds each column of the cells as an array.</summary>
    public static void AddParameters(NpgsqlCommand command, IReadOnlyList<Measures> cells)
    {
        for (var i = 0; i < Measures.Columns.Count; i++)
        {
            command.Parameters.Add(new() { Value = cells.Select(c => c.Numbers[i]).ToArray() });
        }

        command.Parameters.Add(new() { Value = cells.Select(c => c.Latency.ToBytes()).ToArray() });
    }
}
