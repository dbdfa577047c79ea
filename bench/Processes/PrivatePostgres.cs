using System.Diagnostics;
using ApiSvc.Testing;
using Npgsql;

namespace ApiSvc.Bench.Processes;

/// <summary>A Postgres of this run, which writes to the disk as one in production does.</summary>
internal sealed class PrivatePostgres : IDisposable
{
    private const string Options =
        "-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c wal_compression=lz4 "
        + "-c shared_buffers=512MB -c max_wal_size=4GB";

    private readonly string _folder;
    private readonly bool _keep;

    private PrivatePostgres(string folder, bool keep) => (_folder, _keep) = (folder, keep);

    /// <summary>The server's processes.</summary>
    public int ProcessId =>
        int.Parse(
            File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First(),
            System.Globalization.CultureInfo.InvariantCulture
        );

    /// <param name="keep">Whether the server goes on after the run; <c>tools/test-postgres.sh stop</c> ends it then.</param>
    public static PrivatePostgres Start(bool keep) => new(Run("start", Options).Trim(), keep);

    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"b_{Guid.NewGuid():n}";
        await using var server = new NpgsqlConnection(ConnectionString("postgres"));
        await server.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name}", server);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public void Dispose()
    {
        if (!_keep)
        {
            Run("stop", _folder);
        }
    }

    private string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = _folder,
            Username = "postgres",
            Database = database,
            MaxPoolSize = 20,
            CommandTimeout = 600,
        }.ConnectionString;

    private static string Run(params string[] arguments)
    {
        using var script = Process.Start(
            new ProcessStartInfo(
                Path.Combine(Repository.Root, "tools", "test-postgres.sh"),
                arguments
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        var output = script.StandardOutput.ReadToEnd();
        script.WaitForExit();
        return script.ExitCode == 0
            ? output
            : throw new InvalidOperationException("tools/test-postgres.sh failed.");
    }
}
