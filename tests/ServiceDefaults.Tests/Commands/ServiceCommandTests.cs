using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Tests.Data;
using ApiSvc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ApiSvc.ServiceDefaults.Tests.Commands;

public sealed class ServiceCommandTests
{
    [Fact]
    public async Task RunServiceAsync_VerifyAudit_TellsWholeFromBrokenByItsExitCode()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var work = database.Begin())
        {
            work.AddAudit(UnitOfWorkTests.Audit("thing_1"));
            await work.CommitAsync();
        }

        (await RunAsync(database, "verify-audit")).ShouldBe(0);

        await database.ExecuteAsync(
            "alter table service.audit_log disable trigger all; delete from service.audit_log"
        );
        (await RunAsync(database, "verify-audit")).ShouldBe(1);
    }

    [Fact]
    public async Task RunServiceAsync_NoTables_CouldNotRun()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();

        (await RunAsync(database, "verify-audit")).ShouldBe(ServiceCommandExtensions.CouldNotRun);
        // A verb serves nothing, and migrates nothing.
        (
            await database.ScalarAsync<string>("select to_regnamespace('service')::text")
        ).ShouldBeNull();
    }

    [Fact]
    public async Task RunServiceAsync_UnknownVerb_CouldNotRun()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();

        (await RunAsync(database, "no-such-verb")).ShouldBe(ServiceCommandExtensions.CouldNotRun);
    }

    [Theory]
    [InlineData]
    [InlineData("--some:setting", "value")]
    [InlineData("some:setting=value")]
    public async Task RunServiceAsync_NoVerb_ServesUntilStopped(params string[] args)
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        using var stop = new CancellationTokenSource();
        var run = RunAsync(database, args, stop.Token);

        await Eventually.HoldsAsync(
            async () =>
                await database.ScalarAsync<string>("select to_regnamespace('service')::text")
                == "service",
            "the service migrates"
        );
        run.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        (await run).ShouldBe(0);
    }

    private static Task<int> RunAsync(TestDatabase database, string verb) =>
        RunAsync(database, [verb], default);

    private static async Task<int> RunAsync(
        TestDatabase database,
        string[] args,
        CancellationToken stop
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        TestService.Configure(builder, database.ConnectionString, null);
        await using var app = builder.Build();
        return await app.RunServiceAsync(args, stop);
    }
}
