using System.Data.Common;
using System.Diagnostics;
using ApiSvc.Compat.Tests.Servers;
using ApiSvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ApiSvc.Compat.Tests.Npgsql;

public sealed class NpgsqlTests
{
    [Fact]
    public async Task AddNpgsqlDataSource_ConnectionString_Connects()
    {
        var builder = TestHost.Create(
            ("ConnectionStrings:catalogdb", await PostgresServer.CreateDatabaseAsync())
        );
        builder.AddNpgsqlDataSource("catalogdb");
        using var host = builder.Build();

        await using var command = host
            .Services.GetRequiredService<NpgsqlDataSource>()
            .CreateCommand("select 40 + 2");

        (await command.ExecuteScalarAsync()).ShouldBe(42);
        host.Services.GetRequiredService<DbDataSource>()
            .ShouldBeSameAs(host.Services.GetRequiredService<NpgsqlDataSource>());
        await using var connection = host.Services.GetRequiredService<DbConnection>();
        await connection.OpenAsync();
    }

    [Fact]
    public async Task HealthCheck_DatabaseThere_IsHealthy()
    {
        var builder = TestHost.Create(
            ("ConnectionStrings:catalogdb", await PostgresServer.CreateDatabaseAsync())
        );
        builder.AddNpgsqlDataSource("catalogdb");
        using var host = builder.Build();

        var (name, entry) = await TestHost.CheckAsync(host);

        name.ShouldBe("PostgreSql");
        entry.Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task HealthCheck_ServerAway_IsUnhealthyWithTheReason()
    {
        var builder = TestHost.Create(
            ("ConnectionStrings:catalogdb", $"Host=127.0.0.1;Port={FreePort.Find()};Username=a")
        );
        builder.AddNpgsqlDataSource("catalogdb");
        using var host = builder.Build();

        var (_, entry) = await TestHost.CheckAsync(host);

        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Exception.ShouldBeOfType<NpgsqlException>();
        entry.Description.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Resolve_NoConnectionString_NamesTheKeys()
    {
        var builder = TestHost.Create();
        builder.AddNpgsqlDataSource("catalogdb");
        using var host = builder.Build();

        var thrown = Should.Throw<InvalidOperationException>(() =>
            host.Services.GetRequiredService<NpgsqlDataSource>()
        );

        thrown.Message.ShouldContain("ConnectionStrings:catalogdb");
        thrown.Message.ShouldContain("Aspire:Npgsql");
    }

    [Fact]
    public void Settings_GivenEverywhere_TheLastOneCounts()
    {
        Read(("Aspire:Npgsql:ConnectionString", "Host=section")).ShouldBe("section");
        Read(
                ("Aspire:Npgsql:ConnectionString", "Host=section"),
                ("Aspire:Npgsql:catalogdb:ConnectionString", "Host=named")
            )
            .ShouldBe("named");
        Read(
                ("Aspire:Npgsql:catalogdb:ConnectionString", "Host=named"),
                ("ConnectionStrings:catalogdb", "Host=string")
            )
            .ShouldBe("string");

        static string? Read(params (string, string?)[] configuration)
        {
            var builder = TestHost.Create(configuration);
            builder.AddNpgsqlDataSource("catalogdb");
            using var host = builder.Build();
            return new NpgsqlConnectionStringBuilder(
                host.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString
            ).Host;
        }
    }

    [Fact]
    public void Settings_Configured_SeeConfigurationAndGoBeforeIt()
    {
        var builder = TestHost.Create(("ConnectionStrings:catalogdb", "Host=string"));
        builder.AddNpgsqlDataSource(
            "catalogdb",
            settings => settings.ConnectionString += ";Port=77",
            source => source.ConnectionStringBuilder.Database = "built"
        );
        using var host = builder.Build();

        var text = new NpgsqlConnectionStringBuilder(
            host.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString
        );

        (text.Host, text.Port, text.Database).ShouldBe(("string", 77, "built"));
    }

    [Fact]
    public void Settings_Disabled_NothingIsWatched()
    {
        var builder = TestHost.Create(
            ("Aspire:Npgsql:DisableHealthChecks", "true"),
            ("Aspire:Npgsql:catalogdb:DisableTracing", "true"),
            ("Aspire:Npgsql:DisableMetrics", "true")
        );
        builder.AddNpgsqlDataSource("catalogdb");
        using var host = builder.Build();

        host.Services.GetService<HealthCheckService>().ShouldBeNull();
        host.Services.GetService<TracerProvider>().ShouldBeNull();
        host.Services.GetService<MeterProvider>().ShouldBeNull();
    }

    [Fact]
    public async Task AddKeyed_TwoDatabases_AreApart()
    {
        var one = await PostgresServer.CreateDatabaseAsync();
        var two = await PostgresServer.CreateDatabaseAsync();
        var builder = TestHost.Create(
            ("ConnectionStrings:one", one),
            ("ConnectionStrings:two", two)
        );
        builder.AddKeyedNpgsqlDataSource("one");
        builder.AddKeyedNpgsqlDataSource("two");
        using var host = builder.Build();

        var report = await host
            .Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync();

        report.Entries.Keys.ShouldBe(["PostgreSql_one", "PostgreSql_two"], ignoreOrder: true);
        report.Status.ShouldBe(HealthStatus.Healthy);
        host.Services.GetService<NpgsqlDataSource>().ShouldBeNull();
        Database("one").ShouldBe(new NpgsqlConnectionStringBuilder(one).Database);
        Database("two").ShouldBe(new NpgsqlConnectionStringBuilder(two).Database);

        string Database(string key)
        {
            using var connection = host.Services.GetRequiredKeyedService<NpgsqlConnection>(key);
            return connection.Database;
        }
    }

    [Fact]
    public async Task Telemetry_Command_IsTracedAndMeasured()
    {
        var spans = new List<Activity>();
        var metrics = new List<Metric>();
        var builder = TestHost.Create(
            ("ConnectionStrings:catalogdb", await PostgresServer.CreateDatabaseAsync())
        );
        builder.AddNpgsqlDataSource("catalogdb");
        builder
            .Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddInMemory(spans))
            .WithMetrics(all =>
                all.AddReader(new BaseExportingMetricReader(new ListExporter(metrics)))
            );
        using var host = builder.Build();
        await host.StartAsync();
        var source = host.Services.GetRequiredService<NpgsqlDataSource>();

        await using (var command = source.CreateCommand("select 'traced' -- by this test"))
        {
            await command.ExecuteScalarAsync();
        }

        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        spans.ShouldContain(span =>
            span.Source.Name == "Npgsql"
            && span.TagObjects.Any(tag => Equals(tag.Value, "select 'traced' -- by this test"))
        );
        metrics.ShouldContain(metric => metric.MeterName == "Npgsql");
        await host.StopAsync();
    }
}
