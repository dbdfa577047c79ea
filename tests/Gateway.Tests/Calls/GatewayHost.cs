using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.Gateway.CallRecords;
using ApiSvc.Gateway.Management;
using ApiSvc.Gateway.Serving;
using ApiSvc.Gateway.State;
using ApiSvc.Gateway.Sync;
using ApiSvc.Gateway.Tests.CallRecords;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ConfigurationBuilder = ApiSvc.Gateway.State.ConfigurationBuilder;
using Quarantined = ApiSvc.Gateway.Sync.Quarantined;
using ResourceKey = ApiSvc.Gateway.Sync.ResourceKey;

namespace ApiSvc.Gateway.Tests.Calls;

/// <summary>The gateway on free loopback ports, with a configuration of resources that tests put.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private const string CertificateName = "CN=localhost";

    private readonly WebApplication _app;
    private readonly string _certificate;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private ResourceSet _configuration = ResourceSet.Empty;
    private ResourceSet _credentials = ResourceSet.Empty;

    private GatewayHost(WebApplication app, string certificate)
    {
        _app = app;
        _certificate = certificate;
        // Kestrel binds in the order of the configuration, which sorts its keys: grpc, http, https, management.
        var bound = app
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.ToList();
        Http = bound[1];
        Https = bound[2];
        Management = bound[3];
    }

    public string Http { get; }

    public string Https { get; }

    public string Management { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>The records of its calls, unless a test has them elsewhere.</summary>
    public RecordedCalls Records => (RecordedCalls)Services.GetRequiredService<ICallRecorder>();

    public static async Task<GatewayHost> StartAsync(
        Action<IServiceCollection>? configure = null,
        params (string Key, string? Value)[] settings
    )
    {
        var certificate = WriteCertificate();
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                EnvironmentName = "Development",
                ApplicationName = "ApiSvc.Gateway",
                ContentRootPath = Path.GetTempPath(),
            }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:https:Url"] = "https://127.0.0.1:0",
                ["Kestrel:Endpoints:https:Certificate:Path"] = certificate + ".pem",
                ["Kestrel:Endpoints:https:Certificate:KeyPath"] = certificate + ".key",
                ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:management:Url"] = "http://127.0.0.1:0",
                ["Egress:AllowedNetworks:0"] = "127.0.0.0/8",
                ["Tokens:Issuer"] = "https://identity.example",
                ["Sealing:ActiveKey"] = "k1",
                ["Sealing:Keys:k1"] = Convert.ToBase64String(new byte[32]),
            }
        );
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Key, s.Value))
        );
        builder.Logging.ClearProviders();
        configure?.Invoke(builder.Services);
        if (builder.Configuration["Spool:Folder"] is not null)
        {
            builder.AddCallRecords();
        }

        builder.Services.TryAddSingleton<ICallRecorder, RecordedCalls>();
        builder.AddServiceDefaults();
        builder.AddServiceEndpoints(endpoints => endpoints.Additional.Add("https"));
        builder.Services.AddGatewayStates();
        builder.AddManagementRoutes();
        builder.AddEdge();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new(app, certificate);
    }

    /// <summary>A client that takes the gateway's certificate, and each byte of a field as it is.</summary>
    public static HttpClient CreateClient() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
                ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
                SslOptions =
                {
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        certificate?.Subject == CertificateName,
                },
            }
        );

    /// <summary>Puts resources of the configuration, as a delta would.</summary>
    public Task<IReadOnlyList<Quarantined>> PutAsync(params IMessage[] bodies) =>
        ChangeAsync([.. bodies.Select(b => new Change { Put = ResourceOf(b) })]);

    public async Task<IReadOnlyList<Quarantined>> ChangeAsync(params Change[] changes)
    {
        await _gate.WaitAsync();
        try
        {
            _configuration = _configuration.With(changes, _configuration.Generation + 1);
            return await Services
                .GetRequiredService<ConfigurationBuilder>()
                .ApplyAsync(_configuration, Keys(changes), CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Puts resources of the credentials, as a delta would.</summary>
    public async Task PutCredentialsAsync(params Change[] changes)
    {
        await _gate.WaitAsync();
        try
        {
            _credentials = _credentials.With(changes, _credentials.Generation + 1);
            await Services
                .GetRequiredService<CredentialsBuilder>()
                .ApplyAsync(_credentials, Keys(changes), CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    public static Resource ResourceOf(IMessage body) =>
        body switch
        {
            Api api => Make(ResourceKind.Api, api.VersionId, body),
            Plan plan => Make(ResourceKind.Plan, plan.PlanId, body),
            Subscription subscription => Make(
                ResourceKind.Subscription,
                subscription.SubscriptionId,
                body
            ),
            Application application => Make(
                ResourceKind.Application,
                application.ApplicationId,
                body
            ),
            _ => throw new ArgumentException("No resource of the configuration.", nameof(body)),
        };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _gate.Dispose();
        File.Delete(_certificate + ".pem");
        File.Delete(_certificate + ".key");
    }

    private static ResourceKey[] Keys(Change[] changes) =>
        [
            .. changes.Select(c =>
                c.Put is { } put
                    ? new ResourceKey(put.Kind, put.Id)
                    : new ResourceKey(c.Delete.Kind, c.Delete.Id)
            ),
        ];

    private static Resource Make(ResourceKind kind, ByteString id, IMessage body) =>
        new()
        {
            Kind = (uint)kind,
            Id = id,
            Body = body.ToByteString(),
        };

    private static string WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(CertificateName, key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(path + ".pem", certificate.ExportCertificatePem());
        File.WriteAllText(path + ".key", key.ExportPkcs8PrivateKeyPem());
        return path;
    }
}
