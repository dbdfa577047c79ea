using System.Diagnostics;
using Npgsql;

namespace ApiSvc.Testing;

/// <summary>
/// The Postgres server of a test run. <c>test.sh</c> starts one for all test programs and names it in
/// <c>APISVC_TEST_POSTGRES</c>; a test program started alone starts its own and ends it when it exits.
/// Tests run side by side because each takes a database of its own.
/// </summary>
public static class PostgresServer
{
    private static readonly Lazy<string> Folder = new(Find);

    /// <summary>Creates an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> CreateDatabaseAsync()
    {
        var name = $"t_{Guid.NewGuid():n}";
        await using var server = new NpgsqlConnection(ConnectionString("postgres"));
        await server.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name}", server);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    private static string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = Folder.Value,
            Username = "postgres",
            Database = database,
            MaxPoolSize = 20,
        }.ConnectionString;

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("APISVC_TEST_POSTGRES") is { Length: > 0 } shared)
        {
            return shared;
        }

        var own = RunScript("start");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => RunScript("stop", own);
        return own;
    }

    private static string RunScript(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Path.Combine(Repository.Root, "tools", "test-postgres.sh"),
            arguments
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var script = Process.Start(start)!;
        var error = script.StandardError.ReadToEndAsync();
        var output = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        return script.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{start.FileName} failed: {error.Result}");
    }
}
