using System.Collections.Concurrent;
using System.Diagnostics;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Tests.Data;

public sealed class ServiceDatabaseTests
{
    [Fact]
    public async Task AddServiceDatabase_Statements_AreTracedWithinTracesOnly()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
        var statements = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllData,
            ActivityStopped = a =>
            {
                if (a.TagObjects.Any(t => name!.Equals(t.Value)))
                {
                    statements.Enqueue(a);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var service = await TestService.StartAsync(database.ConnectionString);
        await service.ReadyAsync();

        using var request = new Activity("request").Start();
        await using (var scope = service.Services.CreateAsyncScope())
        {
            var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
            work.AddEvent(UnitOfWorkTests.Event("traced"));
            await work.CommitAsync();
        }

        statements.ShouldNotBeEmpty();
        statements.ShouldAllBe(s => s.TraceId == request.TraceId);
    }

    [Fact]
    public async Task StartAsync_OptionOutOfRange_StopsTheStartAndNamesTheKey()
    {
        var stopped = await Should.ThrowAsync<OptionsValidationException>(() =>
            TestService.StartAsync(
                "Host=unused",
                configure: b => b.Configuration["Outbox:BatchSize"] = "0"
            )
        );

        stopped.Message.ShouldContain("Outbox:BatchSize");
    }

    [Fact]
    public void AddServiceDatabase_NoPublisher_PublishesToKafka()
    {
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:testdb"] = "Host=unused",
                ["ConnectionStrings:kafka"] = "127.0.0.1:1",
            }
        );
        builder.AddServiceDatabase("testdb");
        using var host = builder.Build();

        host.Services.GetRequiredService<IEventPublisher>().ShouldBeOfType<KafkaEventPublisher>();
    }
}
