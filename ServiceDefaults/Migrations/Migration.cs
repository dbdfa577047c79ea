using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.ServiceDefaults.Migrations;

/// <summary>One numbered SQL file.</summary>
/// <param name="Component">Whose: <c>defaults</c>, or the service.</param>
/// <param name="Number">From 1, gapless within the component.</param>
/// <param name="Name">The file's name between number and extension.</param>
/// <param name="Sql">The file's text, with line feeds only.</param>
internal sealed record Migration(string Component, int Number, string Name, string Sql)
{
    private const string NoTransaction = "-- no transaction";

    /// <summary>False for what Postgres refuses inside a transaction, such as CREATE INDEX CONCURRENTLY.</summary>
    public bool InTransaction =>
        !Sql.AsSpan().TrimStart().StartsWith(NoTransaction, StringComparison.OrdinalIgnoreCase);

    /// <summary>SHA-256 of the text in lower-case hexadecimal: the same however the file was checked out.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    public override string ToString() => $"{Component}/{Number:0000}_{Name}.sql";
}
