using System.Diagnostics;
using System.Text;
using ApiSvc.AppHost.Tests.Calls;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiSvc.AppHost.Tests.Secrets;

/// <summary>Everything that the suite leaves behind: databases, files, logs and telemetry.</summary>
internal sealed class Remains(OpenSuite open)
{
    private const int Part = 4 << 20;

    // Longer than any form of a secret.
    private const int Overlap = 16 << 10;

    private static readonly string[] Databases = ["identitydb", "catalogdb", "analyticsdb", "aidb"];

    /// <summary>Where something is, and a part of what is there, a byte a character.</summary>
    public async IAsyncEnumerable<(string Where, string Text)> ReadAsync()
    {
        foreach (var database in Databases)
        {
            yield return ($"dump of {database}", await DumpAsync(database));
        }

        foreach (var resource in (string[])[.. Suite.Services, "postgres", "kafka", "redis"])
        {
            yield return ($"log of {resource}", await LogAsync(resource));
        }

        foreach (var telemetry in open.Telemetry.Kept)
        {
            yield return ("telemetry", telemetry);
        }

        var copy = Directory.CreateTempSubdirectory("remains-").FullName;
        try
        {
            foreach (var file in Files(copy))
            {
                foreach (var text in Parts(file))
                {
                    yield return (file, text);
                }
            }
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    // All but what is there to be read by people: mail that was sent, and the demo's own key.
    // Of a copy: those that the suite has locked are not opened here.
    private IEnumerable<string> Files(string copy)
    {
        var data = open.Suite.App.Services.GetRequiredService<DataFolder>();
        using (var cp = Process.Start("cp", ["-r", data.Path + "/.", copy]))
        {
            // They live on: what has gone meanwhile is not there to be read, and cp says so by its exit code.
            cp.WaitForExit();
        }

        return Directory
            .EnumerateFiles(copy, "*", SearchOption.AllDirectories)
            .Where(f =>
                f != Path.Combine(copy, DemoExtensions.FileName)
                && !f.StartsWith(Path.Combine(copy, "mail") + "/", StringComparison.Ordinal)
            );
    }

    private static IEnumerable<string> Parts(string file)
    {
        var buffer = new byte[Part + Overlap];
        using (var stream = File.OpenRead(file))
        {
            var kept = 0;
            while (stream.Read(buffer, kept, Part) is > 0 and var read)
            {
                yield return Encoding.Latin1.GetString(buffer, 0, kept + read);
                var next = Math.Min(Overlap, kept + read);
                Array.Copy(buffer, kept + read - next, buffer, 0, next);
                kept = next;
            }
        }
    }

    private async Task<string> LogAsync(string resource)
    {
        var lines = new StringBuilder();
        await foreach (
            var part in open
                .Suite.App.Services.GetRequiredService<ResourceLoggerService>()
                .GetAllAsync(resource)
        )
        {
            foreach (var line in part)
            {
                lines.AppendLine(line.Content);
            }
        }

        return lines.ToString();
    }

    private async Task<string> DumpAsync(string database)
    {
        var connection = new NpgsqlConnectionStringBuilder(
            await open.Suite.App.GetConnectionStringAsync(database)
        );
        var program = Directory
            .EnumerateDirectories("/usr/lib/postgresql")
            .Select(d => Path.Combine(d, "bin", "pg_dump"))
            .Where(File.Exists)
            .Order(StringComparer.Ordinal)
            .Last();
        var start = new ProcessStartInfo(
            program,
            [
                "--host",
                connection.Host!,
                "--port",
                $"{connection.Port}",
                "--username",
                connection.Username!,
                "--no-password",
                connection.Database!,
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
            Environment = { ["PGPASSWORD"] = connection.Password },
        };
        using var dump = Process.Start(start)!;
        var errors = dump.StandardError.ReadToEndAsync();
        var text = await dump.StandardOutput.ReadToEndAsync();
        await dump.WaitForExitAsync();
        dump.ExitCode.ShouldBe(0, await errors);
        return text;
    }
}
