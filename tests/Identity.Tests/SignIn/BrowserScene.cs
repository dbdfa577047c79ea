using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ApiSvc.Identity.Tests.ExternalSignIn;
using ApiSvc.Identity.Tests.Sessions;
using ApiSvc.Testing;

namespace ApiSvc.Identity.Tests.SignIn;

/// <summary>An Identity as it is seen from outside, over TLS, with a provider, a team and a client.</summary>
public sealed class BrowserScene : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private static readonly string Folder = Path.Combine(
        Repository.Root,
        "tests/Identity.Tests/peers/browser"
    );

    private readonly Mailbox _mail = new();
    private NodePeer _provider = null!;
    private IdentityHost _host = null!;
    private ApiCaller _admin = null!;
    private string _team = "";
    private CodeFlowClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await SharedProvider.StartPeerAsync();
        var issuer = (string)_provider.Self["issuer"]!;
        await WriteCertificateAsync();
        _host = await IdentityHost.StartSigningInAsync([
            ("Kestrel:Endpoints:https:Url", "https://127.0.0.1:0"),
            ("Kestrel:Endpoints:https:Certificate:Path", CertificateFile),
            ("Kestrel:Endpoints:https:Certificate:KeyPath", KeyFile),
            ("Mail:Folder", _mail.Folder),
            ("Mail:PollInterval", "00:00:00.050"),
            ("Registration:Enabled", "true"),
            ("Egress:AllowedNetworks:0", "127.0.0.1/32"),
            .. SharedProvider.Settings("plain", issuer),
            .. SharedProvider.Settings("maker", issuer),
            ("ExternalSignIn:Providers:maker:CreateUsers", "true"),
            .. SharedProvider.Rule(0, "groups", "shop-owners", "owner", "shop"),
        ]);
        _admin = await _host.AdminAsync();
        _team = (await _admin.PostAsync("/v1/teams", new { slug = "shop", name = "Web shop" }))
            .ShouldBe(HttpStatusCode.Created)
            .Id;
        var (id, secret) = await CodeFlow.MakeClientAsync(
            _admin,
            _host.AddApplication(_team),
            "orders.read"
        );
        _client = new(id, secret, _team);
    }

    /// <summary>Has somebody new walk a way through the pages in a real browser.</summary>
    internal async Task WalkAsync(string scenario)
    {
        var user = $"ada-{Guid.NewGuid():n}"[..12];
        (
            await _admin.PostAsync(
                "/v1/users",
                new
                {
                    login = user,
                    name = "Ada Shopper",
                    email = $"{user}@example.org",
                    password = SharedPeople.Password,
                }
            )
        ).ShouldBe(HttpStatusCode.Created);
        var settings = new
        {
            scenario,
            port = _host.Https!.Port,
            api = _host.Http.BaseAddress!.ToString().TrimEnd('/'),
            token = _admin.Token,
            screenshots = Path.Combine(Repository.Root, "TestResults", "screenshots", "identity"),
            mail = _mail.Folder,
            provider = (string)_provider.Self["issuer"]!,
            user,
            password = SharedPeople.Password,
            team = _team,
            authorize = _client.Address(),
            client = new { id = _client.Id, secret = _client.Secret },
        };
        var start = new ProcessStartInfo(
            "node",
            [Path.Combine(Folder, "walk.cjs"), JsonSerializer.Serialize(settings)]
        )
        {
            Environment = { ["NODE_PATH"] = await NpmModules.InstallAsync(Folder) },
        };
        await ChildProgram.RunAsync(start, patience: Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _provider.DisposeAsync();
        Directory.Delete(_mail.Folder, recursive: true);
    }

    private string CertificateFile => Path.Combine(_mail.Folder, "certificate.pem");

    private string KeyFile => Path.Combine(_mail.Folder, "key.pem");

    private async Task WriteCertificateAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            $"CN={new Uri(IdentityHost.Issuer).Host}",
            key,
            HashAlgorithmName.SHA256
        );
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        await File.WriteAllTextAsync(CertificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
