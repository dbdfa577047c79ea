using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>The gateway from outside, over HTTPS: for callers of APIs, and for the management of the suite.</summary>
internal sealed class Door : IDisposable
{
    private readonly Suite _suite;
    private readonly X509Certificate2 _authority;

    public Door(Suite suite)
    {
        _suite = suite;
        _authority = X509CertificateLoader.LoadCertificateFromFile(
            suite.App.Services.GetRequiredService<DevelopmentCertificate>().CaPath
        );
        Client = Over(HttpVersion.Version20);
        Tokens = new(suite);
    }

    public HttpClient Client { get; }

    public Tokens Tokens { get; }

    /// <summary>A client that speaks exactly this version of HTTP.</summary>
    public HttpClient Over(Version version) =>
        new(
            new SocketsHttpHandler
            {
                // What is sent and what is answered are the tests' business.
                AllowAutoRedirect = false,
                UseCookies = false,
                ActivityHeadersPropagator = null,
                RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
                ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
                SslOptions = { CertificateChainPolicy = TrustOnlyTheSuite() },
            }
        )
        {
            BaseAddress = Address,
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    /// <summary>A connection for HTTP/1.1, for what no client sends.</summary>
    public async Task<Stream> ConnectAsync()
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(Address.Host, Address.Port);
        var stream = new SslStream(connection.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = Address.Host,
                CertificateChainPolicy = TrustOnlyTheSuite(),
                ApplicationProtocols = [SslApplicationProtocol.Http11],
            }
        );
        return stream;
    }

    public Uri Address => new(_suite.Address("gateway", "https"));

    /// <summary>Calls an API with a key, or without one.</summary>
    public async Task<HttpResponseMessage> CallAsync(
        string path,
        string? key,
        HttpMethod? method = null,
        HttpClient? client = null,
        params IReadOnlyList<(string Name, string Value)> headers
    )
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path)
        {
            Version = (client ?? Client).DefaultRequestVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (key is not null)
        {
            request.Headers.Add("x-api-key", key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await (client ?? Client).SendAsync(request);
    }

    public async Task<HttpStatusCode> StatusAsync(string path, string? key)
    {
        using var answer = await CallAsync(path, key);
        return answer.StatusCode;
    }

    /// <summary>As <see cref="StatusAsync"/>; null while the gateway does not listen.</summary>
    public async Task<HttpStatusCode?> StatusIfThereAsync(string path, string? key)
    {
        try
        {
            return await StatusAsync(path, key);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Calls a management API through the gateway as the administrator; it has to succeed.</summary>
    /// <param name="service"><c>catalog</c> or <c>identity</c>.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">Below the service's <c>/v1</c>.</param>
    /// <param name="body">Null for none.</param>
    public Task<JsonNode> ManageAsync(
        string service,
        HttpMethod method,
        string path,
        JsonObject? body = null
    ) => ManageAsync(service, method, path, body is null ? null : JsonContent.Create(body));

    /// <inheritdoc cref="ManageAsync(string, HttpMethod, string, JsonObject?)" />
    public async Task<JsonNode> ManageAsync(
        string service,
        HttpMethod method,
        string path,
        HttpContent? body
    )
    {
        var answer = await AskAsync(
            // The adapter's path is short.
            await Tokens.OfAsync("admin", service == "ai" ? "aiadapter" : service),
            service,
            method,
            path,
            body
        );
        ((int)answer.Status).ShouldBeInRange(200, 299, $"{method} {path}: {answer.Text}");
        return answer.Json;
    }

    /// <summary>Calls a management API through the gateway, whatever it answers.</summary>
    public async Task<ManagementAnswer> AskAsync(
        string token,
        string service,
        HttpMethod method,
        string path,
        HttpContent? body = null,
        HttpClient? client = null
    )
    {
        client ??= Client;
        using var request = new HttpRequestMessage(method, $"/apisvc/{service}/v1/{path}")
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
            Content = body,
        };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await client.SendAsync(request);
        return new(
            answer.StatusCode,
            answer.Content.Headers.ContentType?.MediaType ?? "",
            await answer.Content.ReadAsStringAsync()
        );
    }

    public void Dispose()
    {
        Client.Dispose();
        _authority.Dispose();
    }

    /// <summary>Believes in the suite's own certification authority only.</summary>
    public X509ChainPolicy TrustOnlyTheSuite() =>
        new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
}
