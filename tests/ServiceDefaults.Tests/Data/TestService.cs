using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.ServiceDefaults.Tests.Data;

/// <summary>One instance of a service with a database and a publisher that the test controls.</summary>
internal sealed class TestService(IHost host) : IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    public static async Task<TestService> StartAsync(
        string connectionString,
        IEventPublisher? publisher = null,
        Action<HostApplicationBuilder>? configure = null
    )
    {
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true }
        );
        Configure(builder, connectionString, publisher);
        configure?.Invoke(builder);
        var host = builder.Build();
        await host.StartAsync();
        return new TestService(host);
    }

    public static void Configure(
        IHostApplicationBuilder builder,
        string connectionString,
        IEventPublisher? publisher
    )
    {
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:testdb"] = connectionString,
                ["Sealing:ActiveKey"] = "test",
                ["Sealing:Keys:test"] = Convert.ToBase64String(new byte[32]),
                ["Leadership:Contend"] = "00:00:00.050",
                ["Leadership:Heartbeat"] = "00:00:00.050",
                // What tests of notifications rely on: nothing happens by polling.
                ["Outbox:PollInterval"] = "00:10:00",
                ["Outbox:LongestPause"] = "00:00:00.100",
            }
        );
        builder.Services.AddSingleton(publisher ?? new RecordingPublisher());
        builder.AddServiceDatabase("testdb");
    }

    public Task ReadyAsync() =>
        Services
            .GetRequiredService<DatabaseReady>()
            .WaitAsync(TestContext.Current.CancellationToken);

    public Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
