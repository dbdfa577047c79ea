using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.AppHost;

/// <summary>
/// Writes <c>endpoints.json</c> once every service is healthy: where everything is, with the administrator's secret.
/// If something cannot be started instead, writes <c>failure.txt</c> with the reason.
/// </summary>
internal sealed partial class EndpointsFile(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    DataFolder data,
    KeptPorts ports,
    DevelopmentCertificate certificate,
    IConfiguration configuration,
    ILogger<EndpointsFile> logger
) : BackgroundService
{
    public const string Name = "endpoints.json";
    public const string FailureName = "failure.txt";

    private readonly CancellationTokenSource _failed = new();

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = await Task.WhenAll(
            model
                .Resources.Where(r => r is not ParameterResource)
                .Select(r => WaitAsync(r, stoppingToken))
        );
        if (failures.FirstOrDefault(f => f is not null) is { } reason)
        {
            Log.Failed(logger, reason);
            await data.WriteAsync(FailureName, reason + "\n", stoppingToken);
            return;
        }

        var services = model
            .Resources.OfType<ProjectResource>()
            .Where(p => p.Annotations.OfType<EndpointAnnotation>().Any(e => e.Name == "management"))
            .ToList();
        await ports.SaveAsync(model.Resources, stoppingToken);
        var document = await DescribeAsync(services, stoppingToken);
        await data.WriteAsync(Name, JsonSerializer.Serialize(document, Format), stoppingToken);
        Log.Written(
            logger,
            Address("gateway", "https"),
            Address("portal", "http"),
            Address("identity", "https"),
            data.File(Name)
        );
    }

    public override void Dispose()
    {
        base.Dispose();
        _failed.Dispose();
    }

    // What was written is not true any more.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        File.Delete(data.File(Name));
    }

    // Null, or why it will not be healthy. The first one to say so ends the wait for the others.
    private async Task<string?> WaitAsync(IResource resource, CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            stoppingToken,
            _failed.Token
        );
        try
        {
            if (!resource.Annotations.OfType<RunsToItsEndAnnotation>().Any())
            {
                await notifications.WaitForResourceHealthyAsync(
                    resource.Name,
                    WaitBehavior.StopOnResourceUnavailable,
                    end.Token
                );
                return null;
            }

            var ended = await notifications.WaitForResourceAsync(
                resource.Name,
                e => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text),
                end.Token
            );
            if (ended.Snapshot.ExitCode == 0)
            {
                return null;
            }

            await _failed.CancelAsync();
            return $"{resource.Name} failed:\n{await LastErrorsAsync(resource, stoppingToken)}";
        }
        catch (DistributedApplicationException)
        {
            await _failed.CancelAsync();
            return $"{resource.Name} is not healthy:\n{await LastErrorsAsync(resource, stoppingToken)}";
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<string> LastErrorsAsync(IResource resource, CancellationToken stoppingToken)
    {
        const int Shown = 5;
        var lines = new List<LogLine>();
        await foreach (var some in logs.GetAllAsync(resource.Name).WithCancellation(stoppingToken))
        {
            lines.AddRange(some);
        }

        // Programs write their mistakes to either output.
        var errors = lines.Where(l => l.IsErrorMessage).ToList();
        return string.Join(
            '\n',
            (errors.Count > 0 ? errors : lines).TakeLast(Shown).Select(l => "  " + TextOf(l))
        );
    }

    // The time stands before it.
    private static string TextOf(LogLine line) =>
        line.Content[(line.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    private async Task<object> DescribeAsync(
        IReadOnlyList<ProjectResource> services,
        CancellationToken cancellationToken
    )
    {
        var identity = Address("identity", "https");
        return new
        {
            Gateway = Address("gateway", "https"),
            GatewayHttp = Address("gateway", "http"),
            Ca = certificate.CaPath,
            Portal = Address("portal", "http"),
            Identity = identity,
            Dashboard = Dashboard(),
            Services = services.ToDictionary(
                service => service.Name,
                service => new
                {
                    Http = Address(service.Name, "http"),
                    Grpc = Address(service.Name, "grpc"),
                    Management = Address(service.Name, "management"),
                }
            ),
            Admin = new
            {
                TokenEndpoint = $"{identity}/connect/token",
                ClientId = "admin",
                ClientSecret = await SecretAsync("admin-client-secret", cancellationToken),
                User = "admin",
                Password = await SecretAsync("admin-password", cancellationToken),
            },
            Demo = await DemoAsync(cancellationToken),
            Kafka = await ConnectionAsync("kafka", cancellationToken),
            Postgres = await ConnectionAsync("postgres", cancellationToken),
            Redis = await ConnectionAsync("redis", cancellationToken),
        };
    }

    private async Task<JsonNode?> DemoAsync(CancellationToken cancellationToken)
    {
        var file = data.File(DemoExtensions.FileName);
        return File.Exists(file)
            ? JsonNode.Parse(await File.ReadAllTextAsync(file, cancellationToken))
            : null;
    }

    private ValueTask<string?> SecretAsync(string name, CancellationToken cancellationToken) =>
        Find<ParameterResource>(name).GetValueAsync(cancellationToken);

    private string Address(string resource, string endpoint) =>
        new EndpointReference(Find<ProjectResource>(resource), endpoint).Url;

    private ValueTask<string?> ConnectionAsync(string name, CancellationToken cancellationToken) =>
        Find<IResourceWithConnectionString>(name).GetConnectionStringAsync(cancellationToken);

    private T Find<T>(string name)
        where T : IResource => model.Resources.OfType<T>().Single(r => r.Name == name);

    private string? Dashboard() =>
        configuration["ASPNETCORE_URLS"]?.Split(';')[0] is { Length: > 0 } address
            ? $"{address}/login?t={configuration["AppHost:BrowserToken"]}"
            : null;

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "Everything is healthy. Gateway {Gateway}, portal {Portal}, identity {Identity}; the rest stands in {File}"
        )]
        public static partial void Written(
            ILogger logger,
            string gateway,
            string portal,
            string identity,
            string file
        );

        [LoggerMessage(LogLevel.Critical, "The suite does not start: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}

internal static class EndpointsFileExtensions
{
    public static void AddEndpointsFile(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Services.AddHostedService<EndpointsFile>();
        }
    }
}
