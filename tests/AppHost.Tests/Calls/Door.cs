using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
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
                SslOptions =
                {
                    CertificateChainPolicy = new X509ChainPolicy
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        CustomTrustStore = { _authority },
                        RevocationMode = X509RevocationMode.NoCheck,
                    },
                },
            }
        )
        {
            BaseAddress = Address,
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

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
    public async Task<JsonNode> ManageAsync(
        string service,
        HttpMethod method,
        string path,
        JsonObject? body = null
    )
    {
        var token = await Tokens.OfAsync("admin", service);
        using var request = new HttpRequestMessage(method, $"/apisvc/{service}/v1/{path}")
        {
            Version = HttpVersion.Version20,
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
            Content = body is null ? null : JsonContent.Create(body),
        };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {answer.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    public void Dispose()
    {
        Client.Dispose();
        _authority.Dispose();
    }
}
