namespace ApiSvc.Identity.Keys;

/// <summary>A row of the table <c>signing_keys</c>, without the key. It is published for as long as it is there.</summary>
/// <param name="SignsFrom">From when it signs, until the next one does; null: not decided yet.</param>
internal sealed record SigningKeyRow(
    Guid Id,
    string Algorithm,
    DateTime CreatedAt,
    DateTime? SignsFrom
)
{
    public const string Columns = "id, algorithm, created_at as createdAt, signs_from as signsFrom";

    /// <summary>As in the <c>kid</c> of the tokens it signs.</summary>
    public string KeyId => Id.ToString("N");
}
