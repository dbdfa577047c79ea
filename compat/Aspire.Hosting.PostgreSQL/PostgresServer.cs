using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Processes;
using Aspire.Hosting.Storage;
using Npgsql;

namespace Aspire.Hosting.Postgres;

/// <summary>A private cluster: made at the first start, on a loopback port, for one user with a password.</summary>
internal sealed class PostgresServer(PostgresServerResource server) : ILocalServer
{
    private const string Installations = "/usr/lib/postgresql";
    private const string ServerUser = "postgres";

    public async Task<ProcessPlan> PrepareAsync(LocalServerContext context)
    {
        var folder = context.Local.DataOf(server);
        var data = Path.Combine(folder, "data");
        var programs = FindPrograms(data);
        var privileges = await PrivilegesAsync(folder, context.CancellationToken);
        if (!Directory.Exists(data))
        {
            await CreateAsync(programs, privileges, folder, data, context.CancellationToken);
        }
        else
        {
            await Orphans.EndAsync(data, context.CancellationToken);
        }

        return new ProcessPlan(
            Path.Combine(programs, "postgres"),
            [
                "-D",
                data,
                "-p",
                server.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=300",
            ],
            "/"
        )
        {
            Privileges = privileges,
            // Fast shutdown: sessions are ended, and the data is complete.
            StopSignal = Signal.Interrupt,
            KeepsData = true,
            LogsToError = true,
        };
    }

    public async Task ReadyAsync(LocalServerContext context)
    {
        var ct = context.CancellationToken;
        await using var connection = await PostgresCheck.OpenAsync(server, ct);
        foreach (var database in server.Databases.Values.Distinct(StringComparer.Ordinal))
        {
            await using var look = new NpgsqlCommand(
                "select 1 from pg_database where datname = $1",
                connection
            )
            {
                Parameters = { new() { Value = database } },
            };
            if (await look.ExecuteScalarAsync(ct) is null)
            {
                var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(database);
#pragma warning disable CA2100 // Names cannot be parameters; it is quoted.
                await using var create = new NpgsqlCommand($"create database {quoted}", connection);
#pragma warning restore CA2100
                await create.ExecuteNonQueryAsync(ct);
            }
        }
    }

    // Data can only be read by the major version that wrote it.
    private static string FindPrograms(string data)
    {
        var written = Path.Combine(data, "PG_VERSION");
        var needed = File.Exists(written) ? File.ReadAllText(written).Trim() : null;
        var installed = Directory.Exists(Installations)
            ? Directory
                .EnumerateDirectories(Installations)
                .Where(d => File.Exists(Path.Combine(d, "bin", "postgres")))
                .Select(d => Path.GetFileName(d)!)
                .ToList()
            : [];
        var version = needed is null
            ? installed.MaxBy(v =>
                double.TryParse(v, CultureInfo.InvariantCulture, out var number) ? number : 0
            )
            : installed.Find(v => v == needed);
        if (version is not null)
        {
            return Path.Combine(Installations, version, "bin");
        }

        throw new DistributedApplicationException(
            needed is null
                ? $"There is no Postgres server in {Installations}. Install it: apt-get install postgresql"
                : $"The data in {data} is of Postgres {needed}, which is not installed. Install it: apt-get install postgresql-{needed}"
        );
    }

    // The server refuses to run as root.
    private static async Task<IReadOnlyList<string>> PrivilegesAsync(
        string folder,
        CancellationToken ct
    )
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return [];
        }

        string[] user = ["--reuid", ServerUser, "--regid", ServerUser, "--init-groups"];
        await Tool.RunAsync(Programs.Require("chown", "coreutils"), [$"{ServerUser}:", folder], ct);
        var (reachable, _) = await Tool.TryAsync(
            Programs.Require("setpriv", "util-linux"),
            [.. user, "--", "/bin/sh", "-c", "cd \"$1\"", "sh", folder],
            ct
        );

        // Below a folder of root's own (/root) the server may only pass if it may pass everywhere.
        return reachable == 0
            ? user
            : [.. user, "--inh-caps", "-all,+dac_override", "--ambient-caps", "-all,+dac_override"];
    }

    private async Task CreateAsync(
        string programs,
        IReadOnlyList<string> privileges,
        string folder,
        string data,
        CancellationToken ct
    )
    {
        // Made beside its place and moved there, so that what is there is whole.
        var next = Path.Combine(folder, "data.new");
        var secret = Path.Combine(folder, "password");
        if (Directory.Exists(next))
        {
            Directory.Delete(next, recursive: true);
        }

        PrivateFile.Write(secret, (await server.PasswordParameter.GetValueAsync(ct))!);
        try
        {
            if (privileges.Count > 0)
            {
                await Tool.RunAsync("chown", [$"{ServerUser}:", secret], ct);
            }

            await Tool.RunAsync(
                Programs.Require("setpriv", "util-linux"),
                [
                    .. privileges,
                    "--",
                    Path.Combine(programs, "initdb"),
                    "-D",
                    next,
                    "-U",
                    (await server.UserNameReference.GetValueAsync(ct))!,
                    "-A",
                    "scram-sha-256",
                    $"--pwfile={secret}",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "--no-sync",
                ],
                ct
            );
        }
        finally
        {
            File.Delete(secret);
        }

        Directory.Move(next, data);
    }
}
