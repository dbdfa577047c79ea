namespace ApiSvc.ServiceDefaults.Sealing;

/// <summary>
/// Where a sealed value is stored. It is authenticated with the value, so a value that was moved to another row or
/// column does not open. Renaming a table or column therefore needs every value sealed again.
/// </summary>
/// <param name="Table">The table's name as registered.</param>
/// <param name="Id">The row's id as Postgres shows it as text.</param>
/// <param name="Column">The column's name.</param>
public readonly record struct SealedPlace(string Table, string Id, string Column)
{
    /// <summary>A place in a table whose id is a <c>uuid</c>.</summary>
    public SealedPlace(string table, Guid id, string column)
        : this(table, id.ToString("D"), column) { }
}
