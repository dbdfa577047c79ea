using System.Text.RegularExpressions;

namespace ApiSvc.ServiceDefaults.Sealing;

/// <summary>A <c>bytea</c> column that holds sealed values, null where there is none; <c>rewrap</c> visits it.</summary>
public sealed partial record SealedColumn
{
    /// <summary>Describes a column.</summary>
    /// <param name="table">The table, with its schema if that is not in the search path.</param>
    /// <param name="idColumn">Its unique id: <c>uuid</c>, <c>bigint</c>, <c>integer</c> or <c>text</c>.</param>
    /// <param name="column">The column.</param>
    /// <exception cref="ArgumentException">A name that would need quotes in SQL.</exception>
    public SealedColumn(string table, string idColumn, string column)
    {
        Table = Plain(table);
        IdColumn = Plain(idColumn);
        Column = Plain(column);
    }

    /// <summary>The table.</summary>
    public string Table { get; }

    /// <summary>Its id.</summary>
    public string IdColumn { get; }

    /// <summary>The column.</summary>
    public string Column { get; }

    /// <summary>Where this column's value of a row is, for <see cref="ISealer"/>.</summary>
    public SealedPlace At(Guid id) => new(Table, id, Column);

    /// <summary>Where this column's value of a row is; the id as Postgres shows it as text.</summary>
    public SealedPlace At(string id) => new(Table, id, Column);

    // The names are put into SQL as they are.
    private static string Plain(string name) =>
        PlainName().IsMatch(name)
            ? name
            : throw new ArgumentException($"'{name}' is no plain SQL name.", nameof(name));

    [GeneratedRegex(
        @"\A[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 100
    )]
    private static partial Regex PlainName();
}
