using System.Diagnostics;
using System.Globalization;
using System.Net;
using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace ApiSvc.Aspire.Hosting.Tests.Suite;

/// <summary>The sample application: a service twice, a database, Redis and a program.</summary>
public sealed class SuiteTests
{
    [Fact]
    public async Task Start_OfTwoAppsSideBySide_EachIsHealthyWithItsOwn()
    {
        await Task.WhenAll(UseAsync(), UseAsync());
    }

    private static async Task UseAsync()
    {
        await using var builder =
            await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>();
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        var watcher = await app.HealthyAsync("watcher");
        var first = await app.HealthyAsync("notes-0");
        var second = await app.HealthyAsync("notes-1");
        var database = await app.GetConnectionStringAsync("notesdb");

        // References and endpoints, by the names that the real packages give them.
        watcher.Variable("ConnectionStrings__notesdb").ShouldBe(database);
        watcher.Variable("NOTESDB_DATABASENAME").ShouldBe("notesdb");
        watcher.Variable("services__notes__http__0").ShouldBe(UrlOf(first, "http"));
        watcher.Variable("services__notes__http__1").ShouldBe(UrlOf(second, "http"));
        watcher.Variable("services__notes__grpc__0").ShouldBe(UrlOf(first, "grpc"));
        first.Variable("Kestrel__Endpoints__http__Url").ShouldBe(UrlOf(first, "http"));
        second.Variable("Kestrel__Endpoints__http__Url").ShouldBe(UrlOf(second, "http"));
        first.Variable("ASPNETCORE_ENVIRONMENT").ShouldBe("Development");
        first.Variable("Sample__Secret")!.Length.ShouldBe(32);

        using var client = app.CreateHttpClient("notes", "management");
        (await client.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        (await app.LineAsync("notes-1", "Now listening on")).ShouldNotBeEmpty();

        // What waits has started after what it waited for.
        var started = watcher.Snapshot.StartTimeStamp;
        first.Snapshot.StartTimeStamp!.Value.ShouldBeLessThan(started!.Value);

        await StopAndStartAsync(app, first.Pid());
        for (var i = 0; i < 4; i++)
        {
            await KillAndStartAtOnceAsync(app);
        }
    }

    private static async Task StopAndStartAsync(DistributedApplication app, int pid)
    {
        var stopped = await app.ResourceCommands.ExecuteCommandAsync(
            "notes-0",
            KnownResourceCommands.StopCommand
        );
        stopped.Success.ShouldBeTrue(stopped.Message);
        (await app.StateAsync("notes-0", KnownResourceStates.Exited)).Snapshot.ExitCode.ShouldBe(0);
        Directory
            .Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}"))
            .ShouldBeFalse();
        (await app.HealthyAsync("notes-1")).ShouldNotBeNull();

        await app.ResourceCommands.ExecuteCommandAsync(
            "notes-0",
            KnownResourceCommands.StartCommand
        );
        (await app.HealthyAsync("notes-0")).Pid().ShouldNotBe(pid);
    }

    private static async Task KillAndStartAtOnceAsync(DistributedApplication app)
    {
        var pid = (await app.HealthyAsync("notes-0")).Pid();
        Process.GetProcessById(pid).Kill();
        await app.StateAsync("notes-0", KnownResourceStates.Exited);
        await app.ResourceCommands.ExecuteCommandAsync(
            "notes-0",
            KnownResourceCommands.StartCommand
        );
        (await app.HealthyAsync("notes-0")).Pid().ShouldNotBe(pid);
    }

    private static string UrlOf(ResourceEvent seen, string endpoint) =>
        seen.Snapshot.Urls.Single(u => u.Name == endpoint).Url;
}
