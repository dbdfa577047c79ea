using Npgsql;
using NpgsqlTypes;

namespace ApiSvc.ServiceDefaults.Data;

/// <summary>Positional parameters that may be null.</summary>
internal static class SqlValue
{
    public static NpgsqlParameter Text(string? value) => Of(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Of(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
