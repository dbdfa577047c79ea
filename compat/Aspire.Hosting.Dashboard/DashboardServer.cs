using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Dashboard.Api;
using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Security;
using Aspire.Hosting.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Dashboard;

/// <summary>The running dashboard: its pages on one port and its OTLP receiver on another, both on loopback only.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _pages;
    private readonly WebApplication _receiver;

    private DashboardServer(
        WebApplication pages,
        WebApplication receiver,
        string token,
        string apiKey
    )
    {
        _pages = pages;
        _receiver = receiver;
        Url = pages.Urls.Single();
        LoginUrl = $"{Url}/login?t={Uri.EscapeDataString(token)}";
        OtlpEndpoint = receiver.Urls.Single();
        OtlpApiKey = apiKey;
    }

    /// <summary>The header that carries <see cref="OtlpApiKey"/>.</summary>
    public const string OtlpApiKeyHeader = "x-otlp-api-key";

    /// <summary>Where the pages are.</summary>
    public string Url { get; }

    /// <summary>The address that logs a browser in: it holds the token.</summary>
    public string LoginUrl { get; }

    /// <summary>Where telemetry is sent to, by OTLP over HTTP with protobuf; senders add <c>/v1/traces</c> and so on.</summary>
    public string OtlpEndpoint { get; }

    /// <summary>The key that senders of telemetry show.</summary>
    public string OtlpApiKey { get; }

    /// <summary>Starts the dashboard.</summary>
    /// <exception cref="ArgumentException">A token or a key is too short to be one.</exception>
    /// <exception cref="IOException">A port is taken; the message names it.</exception>
    public static async Task<DashboardServer> StartAsync(
        IDashboardSource source,
        DashboardOptions options,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        var token = Secret.TakeOrMake(options.Token, nameof(options.Token));
        var apiKey = Secret.TakeOrMake(options.OtlpApiKey, nameof(options.OtlpApiKey));
        var store = new TelemetryStore();
        var pages = Build(options.Port);
        var receiver = Build(options.OtlpPort);
        try
        {
            pages.UseOwnHostOnly();
            pages.UseSafeHeaders();
            pages.UseLogin(token);
            pages.MapDashboard(source, store, options.ApplicationName);
            receiver.UseOwnHostOnly();
            receiver.UseApiKey(OtlpApiKeyHeader, apiKey);
            receiver.MapOtlp(store);
            await StartAsync(pages, options.Port, "pages", cancellationToken);
            await StartAsync(receiver, options.OtlpPort, "OTLP receiver", cancellationToken);
            return new DashboardServer(pages, receiver, token, apiKey);
        }
        catch
        {
            await pages.DisposeAsync();
            await receiver.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops both; open pages lose their stream.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pages.StopAsync();
        await _receiver.StopAsync();
        await _pages.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    // An empty builder: the AppHost's own settings, files and environment are not the dashboard's.
    private static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = OtlpBody.MaxBytes;
            kestrel.Listen(
                IPAddress.Loopback,
                port,
                listen => listen.Protocols = HttpProtocols.Http1
            );
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(5)
        );
        return builder.Build();
    }

    private static async Task StartAsync(
        WebApplication app,
        int port,
        string what,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new IOException(
                $"The dashboard's {what} cannot listen on 127.0.0.1:{port}: {e.Message}",
                e
            );
        }
    }
}
