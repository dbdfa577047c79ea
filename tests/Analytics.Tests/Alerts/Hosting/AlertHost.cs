using System.Security.Cryptography;
using ApiSvc.Analytics.Alerts.Deliveries;
using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.ServiceDefaults.ServiceTokens;
using ApiSvc.Testing;
using Dapper;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ApiSvc.Analytics.Tests.Alerts.Hosting;

/// <summary>
/// Analytics with a clock that the test turns and metrics that it sets. Nothing runs by itself: the test has rules evaluated
/// and notifications sent.
/// </summary>
internal sealed class AlertHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AlertHost(WebApplication app, string database, FakeTimeProvider clock)
    {
        _app = app;
        Database = database;
        Clock = clock;
        // Kestrel binds in the order of the configuration, which sorts its keys: grpc, http, management.
        var bound = app
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.ToList();
        Channel = GrpcChannel.ForAddress(bound[0]);
        Http = new HttpClient { BaseAddress = new Uri(bound[1]) };
    }

    public static ECDsaSecurityKey Key { get; } =
        new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "k" };

    public string Database { get; }

    public FakeTimeProvider Clock { get; }

    public HttpClient Http { get; }

    public GrpcChannel Channel { get; }

    public IServiceProvider Services => _app.Services;

    public SetMetrics Metrics => (SetMetrics)Services.GetRequiredService<IMetricReader>();

    public FakeMail Mail => (FakeMail)Services.GetRequiredService<Mail.MailClient>();

    public AlertEvents Events => (AlertEvents)Services.GetRequiredService<IEventPublisher>();

    /// <param name="database">That of a process before; its own by default.</param>
    /// <param name="clock">Half a minute past a minute, at about now, by default.</param>
    /// <param name="readsMetrics">Whether metrics are read from rollups instead of set.</param>
    /// <param name="settings">More configuration.</param>
    public static async Task<AlertHost> StartAsync(
        string? database = null,
        FakeTimeProvider? clock = null,
        bool readsMetrics = false,
        params (string Key, string? Value)[] settings
    )
    {
        database ??= await PostgresServer.CreateDatabaseAsync();
        clock ??= new(HalfPast(DateTimeOffset.UtcNow));
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                EnvironmentName = "Development",
                ApplicationName = "ApiSvc.Analytics",
                ContentRootPath = Path.GetTempPath(),
            }
        );
        builder.Configuration.AddInMemoryCollection(
            AnalyticsHost.Settings(database, "127.0.0.1:9")
        );
        builder.Configuration.AddInMemoryCollection([
            new("Egress:AllowedNetworks:0", "127.0.0.0/8"),
            new("Alerts:DeliveryTimeout", "00:00:02"),
        ]);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Key, s.Value))
        );
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<IEventPublisher>(new AlertEvents());
        builder.Services.AddSingleton<IIssuerKeys>(new OneKey());
        if (!readsMetrics)
        {
            builder.Services.AddSingleton<IMetricReader>(new SetMetrics());
        }

        builder.AddServiceDefaults();
        builder.AddServiceDatabase("analyticsdb", typeof(AnalyticsExtensions).Assembly);
        builder.AddAnalytics();
        builder.Services.AddSingleton<Mail.MailClient>(new FakeMail());
        StopLoops(builder.Services);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapAnalytics();
        await app.StartAsync();
        await app.Services.GetRequiredService<DatabaseReady>().WaitAsync(CancellationToken.None);
        return new AlertHost(app, database, clock);
    }

    public AlertCaller Of(Guid team, string role) => new(this, team, role);

    /// <summary>Goes to the next minute and evaluates it.</summary>
    public async Task NextMinuteAsync(double? value)
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        Metrics.All = value;
        await EvaluateAsync();
    }

    public Task EvaluateAsync() =>
        Services.GetRequiredService<EvaluationRound>().RunAsync(CancellationToken.None);

    public Task SendAsync() =>
        Services.GetRequiredService<DeliveryWork>().SendDueAsync(CancellationToken.None);

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters = null)
    {
        await using var db = new NpgsqlConnection(Database);
        return [.. await db.QueryAsync<T>(sql, parameters)];
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static DateTimeOffset HalfPast(DateTimeOffset time) =>
        time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute)).AddSeconds(30);

    private static void StopLoops(IServiceCollection services)
    {
        var own = services
            .Where(s =>
                s.ServiceType == typeof(IHostedService)
                && s.ImplementationType?.Assembly == typeof(AnalyticsExtensions).Assembly
            )
            .ToList();
        own.ForEach(s => services.Remove(s));
    }

    private sealed class OneKey : IIssuerKeys
    {
        public ValueTask<IReadOnlyList<SecurityKey>?> FindAsync(
            string? keyId,
            CancellationToken cancellationToken
        ) => new([Key]);
    }
}
