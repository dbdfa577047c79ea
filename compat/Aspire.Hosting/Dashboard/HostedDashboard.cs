using Aspire.Hosting.Endpoints;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The application's dashboard. Its address is taken from <c>ASPNETCORE_URLS</c> and its token from
/// <c>AppHost:BrowserToken</c>, as with the package; what was not set is there once it listens.
/// </summary>
internal sealed partial class HostedDashboard(
    ApplicationSource source,
    IConfiguration configuration,
    IDistributedApplicationBuilder application,
    ILogger<DistributedApplication> logger
) : IDashboard
{
    private const string UrlsKey = "ASPNETCORE_URLS";
    private const string TokenKey = "AppHost:BrowserToken";

    private DashboardServer? _server;

    public Uri? OtlpEndpoint => _server is null ? null : new Uri(_server.OtlpEndpoint);

    public string? OtlpApiKey => _server?.OtlpApiKey;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var token = configuration[TokenKey];
        try
        {
            _server = await DashboardServer.StartAsync(
                source,
                new DashboardOptions
                {
                    Port = PortOf(configuration[UrlsKey]),
                    Token = string.IsNullOrEmpty(token) ? null : token,
                    ApplicationName = NameOf(application),
                },
                cancellationToken
            );
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            throw new DistributedApplicationException(e.Message, e);
        }

        configuration[UrlsKey] = _server.Url;
        configuration[TokenKey] = Uri.UnescapeDataString(_server.LoginUrl.Split("?t=")[1]);
        LogLogin(logger, _server.LoginUrl);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private static int PortOf(string? urls)
    {
        if (string.IsNullOrEmpty(urls))
        {
            return PortAllocator.Next();
        }

        return Uri.TryCreate(urls.Split(';')[0], UriKind.Absolute, out var url)
            ? url.Port
            : throw new DistributedApplicationException(
                $"{UrlsKey} says where the dashboard is to listen, such as http://localhost:18888; '{urls}' is no address."
            );
    }

    // ApiSvc.AppHost is the host of ApiSvc.
    private static string NameOf(IDistributedApplicationBuilder application)
    {
        const string Suffix = ".AppHost";
        var name =
            application.AppHostAssembly?.GetName().Name ?? application.Environment.ApplicationName;
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
    }

    [LoggerMessage(LogLevel.Information, "Login to the dashboard at {Url}")]
    private static partial void LogLogin(ILogger logger, string url);
}
