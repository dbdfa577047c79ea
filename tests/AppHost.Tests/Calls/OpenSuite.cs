using System.Diagnostics;
using ApiSvc.AppHost.Tests.Secrets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>The suite with the sample API, for tests that leave it whole.</summary>
public sealed class OpenSuite : IAsyncLifetime
{
    private TelemetrySink? _telemetry;
    private Suite? _suite;
    private Door? _door;
    private Shop? _shop;

    internal Suite Suite => _suite!;

    internal Door Door => _door!;

    /// <summary>Where all services send their traces.</summary>
    internal TelemetrySink Telemetry => _telemetry!;

    internal Shop Shop => _shop!;

    public async ValueTask InitializeAsync()
    {
        _telemetry = await TelemetrySink.StartAsync();
        _suite = await Suite.StartAsync(Hurry, args: "--Demo:Seed=true");
        _door = new Door(_suite);
        _shop = await Shop.OpenAsync(_suite, _door);
    }

    /// <summary>Starts or stops a resource.</summary>
    internal async Task CommandAsync(string resource, string command)
    {
        var result = await Suite.App.ResourceCommands.ExecuteCommandAsync(resource, command);
        result.Success.ShouldBeTrue(result.Message);
    }

    /// <summary>Ends a resource's process without a warning, as a machine that fails does.</summary>
    internal async Task KillAsync(string resource)
    {
        var notifications = Suite.App.ResourceNotifications;
        notifications.TryGetCurrentState(resource, out var running).ShouldBeTrue();
        var id = (int)running!.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!;
        using (var process = Process.GetProcessById(id))
        {
            process.Kill();
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await notifications.WaitForResourceAsync(
            resource,
            e => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text),
            deadline.Token
        );
    }

    // So that a test sees a version's whole life, when a key was used, and several signing keys.
    private void Hurry(IDistributedApplicationTestingBuilder builder)
    {
        foreach (var service in Suite.Services)
        {
            Set(service, "OTEL_EXPORTER_OTLP_ENDPOINT", _telemetry!.Address);
            Set(service, "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
            Set(service, "OTEL_TRACES_SAMPLER", "always_on");
            Set(service, "OTEL_BSP_SCHEDULE_DELAY", "1000");
            Set(service, "OTEL_BLRP_SCHEDULE_DELAY", "1000");
        }

        // The fake providers are on loopback.
        Set("aiadapter", "Egress__AllowedNetworks__0", "127.0.0.0/8");
        Set("catalog", "Lifecycle__NoticePeriod", "00:00:00");
        Set("gateway", "Sync__KeyUseInterval", "00:00:01");
        Set("identity", "SigningKeys__PublishAhead", "00:00:02");

        void Set(string service, string name, string value) =>
            builder
                .CreateResourceBuilder(
                    builder.Resources.OfType<ProjectResource>().Single(r => r.Name == service)
                )
                .WithEnvironment(name, value);
    }

    public async ValueTask DisposeAsync()
    {
        _door?.Dispose();
        if (_suite is not null)
        {
            await _suite.DisposeAsync();
        }

        if (_telemetry is not null)
        {
            await _telemetry.DisposeAsync();
        }
    }
}

[CollectionDefinition]
public sealed class OpenSuiteTests : ICollectionFixture<OpenSuite>;
