using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Tests.Data;
using ApiSvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Tests.Migrations;

public sealed class MigrationServiceTests
{
    [Fact]
    public async Task StartAsync_DatabaseComesLater_IsUnreadyWithTheReasonUntilThen()
    {
        await using var server = await TestDatabase.CreateEmptyAsync();
        var later = $"t_{Guid.NewGuid():n}";
        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Database = later,
        };
        await using var service = await TestService.StartAsync(connection.ConnectionString);

        await Eventually.HoldsAsync(
            async () => (await CheckAsync(service)).Description?.Contains(later) == true,
            "the check names the missing database"
        );
        (await CheckAsync(service)).Status.ShouldBe(HealthStatus.Unhealthy);

        await server.ExecuteAsync($"create database {later}");
        await service.ReadyAsync();

        (await CheckAsync(service)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task StartAsync_TwoInstances_BothGetReady()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var one = await TestService.StartAsync(database.ConnectionString);
        await using var two = await TestService.StartAsync(database.ConnectionString);

        await one.ReadyAsync();
        await two.ReadyAsync();

        (await database.ScalarAsync<long>("select count(*) from service.outbox_head")).ShouldBe(1);
    }

    [Fact]
    public async Task StartAsync_AppliedFileChanged_StaysUnreadyAndNamesIt()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(
            "update service.schema_migrations set checksum = 'x' where component = 'defaults'"
        );
        await using var service = await TestService.StartAsync(database.ConnectionString);

        await Eventually.HoldsAsync(
            async () =>
                (await CheckAsync(service)).Description?.Contains(
                    "defaults/0001_service.sql was changed"
                ) == true,
            "the check names the changed file"
        );
        service.Services.GetRequiredService<DatabaseReady>().IsReady.ShouldBeFalse();
    }

    private static async Task<HealthReportEntry> CheckAsync(TestService service)
    {
        var report = await service
            .Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(r => r.Tags.Contains("ready"));
        return report.Entries["migrations"];
    }
}
