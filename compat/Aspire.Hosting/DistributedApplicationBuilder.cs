using System.Reflection;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Health;
using Aspire.Hosting.Logs;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Builds an application.</summary>
public partial class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    // As in the assembly's metadata, where the build writes it.
    private const string ProjectPathKey = "AppHostProjectPath";

    private readonly HostApplicationBuilder _host;
    private readonly AppHostInterception? _interception = AppHostInterception.Current;

    /// <summary>Starts with the command line.</summary>
    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args }) { }

    /// <summary>Starts with options.</summary>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        var settings = new HostApplicationBuilderSettings { Args = options.Args ?? [] };
        _interception?.Creating(options, settings);
        AppHostAssembly = options.AssemblyName is { } name
            ? Assembly.Load(name)
            : Assembly.GetEntryAssembly();
        AppHostDirectory = options.ProjectDirectory ?? DirectoryOf(AppHostAssembly);
        settings.ContentRootPath ??= AppHostDirectory;
        _host = CreateHost(settings);
        AddServices(options);
        _interception?.Created(this);
    }

    /// <inheritdoc />
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc />
    public string AppHostDirectory { get; }

    /// <inheritdoc />
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc />
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc />
    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    /// <inheritdoc />
    public DistributedApplicationExecutionContext ExecutionContext { get; } =
        new(DistributedApplicationOperation.Run);

    /// <inheritdoc />
    public IResourceCollection Resources { get; } = new ResourceCollection();

    /// <inheritdoc />
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc />
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (!NamePattern().IsMatch(resource.Name) || resource.Name.Length > 64)
        {
            throw new DistributedApplicationException(
                $"'{resource.Name}' is no name of a resource: up to 64 letters, digits and single hyphens, a letter first and no hyphen last."
            );
        }

        if (
            Resources.Any(r =>
                string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            throw new DistributedApplicationException(
                $"There is a resource '{resource.Name}' already."
            );
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc />
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    /// <inheritdoc />
    public DistributedApplication Build()
    {
        _interception?.Building(this);
        var application = new DistributedApplication(_host.Build(), _interception);
        ExecutionContext.Dashboard = application.Services.GetRequiredService<IDashboard>();
        _interception?.Built(application);
        return application;
    }

    private static HostApplicationBuilder CreateHost(HostApplicationBuilderSettings settings)
    {
        // An AppHost is a tool of development, and nothing in its settings changes while it runs.
        settings.Configuration ??= new ConfigurationManager();
        settings.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["hostBuilder:reloadConfigOnChange"] = "false",
                [HostDefaults.EnvironmentKey] = Environments.Development,
            }
        );
        return Host.CreateApplicationBuilder(settings);
    }

    private static string DirectoryOf(Assembly? assembly)
    {
        var project = assembly
            ?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => a.Key == ProjectPathKey)
            ?.Value;
        return project is null
            ? System.Environment.CurrentDirectory
            : Path.GetDirectoryName(project)!;
    }

    private void AddServices(DistributedApplicationOptions options)
    {
        var build = AppHostAssembly
            ?.GetCustomAttribute<AssemblyConfigurationAttribute>()
            ?.Configuration;
        var local = new LocalApplication(
            Configuration,
            AppHostDirectory,
            string.IsNullOrEmpty(build) ? "Debug" : build
        );
        Services.AddSingleton(local);
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(options);
        Services.TryAddSingleton(TimeProvider.System);
        Services.AddSingleton(_ => new ResourceLoggerService());

        // Where a person can start again what failed, others wait for that.
        Services.AddSingleton(_ => new ResourceNotificationService(
            options.DisableDashboard
                ? WaitBehavior.StopOnResourceUnavailable
                : WaitBehavior.WaitOnResourceUnavailable
        ));
        AddDashboard(options);
        Services.AddSingleton<ResourceLogForwarder>();
        Services.AddHealthChecks();
        Services.AddSingleton<HealthMonitor>();
        Services.AddSingleton<InstanceServices>();
        Services.AddSingleton<Orchestrator>();
        Services.AddSingleton(services => new ResourceCommandService(
            services.GetRequiredService<Orchestrator>()
        ));
        Services.AddHostedService(services => services.GetRequiredService<Orchestrator>());

        // Stopping every resource in order may take longer than the host's usual half minute.
        Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromMinutes(2));

        // Health is shown with each resource; the service's own log would repeat each failed look.
        _host.Logging.AddFilter(typeof(HealthCheckService).Namespace, LogLevel.None);
    }

    private void AddDashboard(DistributedApplicationOptions options)
    {
        if (options.DisableDashboard)
        {
            Services.AddSingleton<IDashboard, NoDashboard>();
            return;
        }

        Services.AddSingleton<IDashboard>(services =>
            ActivatorUtilities.CreateInstance<HostedDashboard>(services, this)
        );
        Services.AddSingleton<ApplicationSource>();

        // The orchestrator, which carries commands out, starts the dashboard.
        Services.AddSingleton(services => new Lazy<ResourceCommandService>(
            services.GetRequiredService<ResourceCommandService>
        ));
    }

    [GeneratedRegex("^[A-Za-z](-?[A-Za-z0-9])*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();
}
