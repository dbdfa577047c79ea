using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>An application of several resources.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly AppHostInterception? _interception;
    private int _disposed;

    /// <summary>With a host that has the application's services.</summary>
    public DistributedApplication(IHost host)
        : this(host, interception: null) { }

    internal DistributedApplication(IHost host, AppHostInterception? interception)
    {
        _host = host;
        _interception = interception;
    }

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Starts and stops single resources.</summary>
    public ResourceCommandService ResourceCommands =>
        Services.GetRequiredService<ResourceCommandService>();

    /// <summary>How each resource is.</summary>
    public ResourceNotificationService ResourceNotifications =>
        Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Builds an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Builds an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) =>
        new DistributedApplicationBuilder(args);

    /// <summary>Builds an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(
        DistributedApplicationOptions options
    ) => new DistributedApplicationBuilder(options);

    /// <summary>Starts all resources, and returns when their start is under way.</summary>
    /// <exception cref="DistributedApplicationException">The application cannot start; the message says why.</exception>
    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _host.StartAsync(cancellationToken);
        Services
            .GetRequiredService<ILogger<DistributedApplication>>()
            .LogInformation("Distributed application started. Press Ctrl+C to shut down.");
    }

    /// <summary>Stops all resources, those first that nothing waits for.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) =>
        _host.StopAsync(cancellationToken);

    /// <summary>Starts all resources, and stops them when the process is told to end.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_interception is not null)
        {
            await _interception.Run();
            return;
        }

        try
        {
            await StartAsync(cancellationToken);
            await _host.WaitForShutdownAsync(cancellationToken);
        }
        finally
        {
            await DisposeAsync();
        }
    }

    /// <inheritdoc cref="RunAsync" />
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Stops what still runs.</summary>
    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Stops what still runs.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            // A test disposes both the application and its builder.
            return;
        }

        await _host.StopAsync();
        var local = Services.GetRequiredService<Orchestration.LocalApplication>();
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        local.Dispose();
    }

    Task IHost.StartAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);

    Task IHost.StopAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);
}
