using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.AppHost;

/// <summary>
/// Writes <c>endpoints.json</c> once every service is healthy: where everything is, with the administrator's secret.
/// If a service ends instead, writes <c>failure.txt</c> with the reason.
/// </summary>
internal sealed partial class EndpointsFile(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    DataFolder data,
    DevelopmentCertificate certificate,
    IConfiguration configuration,
    ILogger<EndpointsFile> logger
) : BackgroundService
{
    public const string Name = "endpoints.json";
    public const string FailureName = "failure.txt";

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var services = model.Resources.OfType<ProjectResource>().ToList();
        try
        {
            await Task.WhenAll(
                services.Select(service =>
                    notifications.WaitForResourceHealthyAsync(
                        service.Name,
                        WaitBehavior.StopOnResourceUnavailable,
                        stoppingToken
                    )
                )
            );
        }
        catch (DistributedApplicationException e)
        {
            Log.Failed(logger, e.Message);
            await data.WriteAsync(FailureName, e.Message + "\n", stoppingToken);
            return;
        }

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

    // What was written is not true any more.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        File.Delete(data.File(Name));
    }

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
                ClientSecret = await Find<ParameterResource>("admin-client-secret")
                    .GetValueAsync(cancellationToken),
            },
            Kafka = await ConnectionAsync("kafka", cancellationToken),
            Postgres = await ConnectionAsync("postgres", cancellationToken),
            Redis = await ConnectionAsync("redis", cancellationToken),
        };
    }

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
