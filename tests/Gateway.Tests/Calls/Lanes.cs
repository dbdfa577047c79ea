using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using ApiSvc.Gateway.Calls;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.State;
using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Gateway.Tests.Forwarding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

[assembly: AssemblyFixture(typeof(Lanes))]

namespace ApiSvc.Gateway.Tests.Calls;

/// <summary>The ways that a call can take to the same policies.</summary>
public enum Lane
{
    /// <summary>Without a server.</summary>
    Memory,

    /// <summary>The gateway's own HTTP/1.1.</summary>
    Http1,

    /// <summary>The same over TLS.</summary>
    Tls1,

    /// <summary>The server's HTTP/2, over TLS.</summary>
    Http2,
}

internal static class LaneExtensions
{
    /// <summary>Where calls of a lane go.</summary>
    public static string OriginOf(this GatewayHost host, Lane lane) =>
        lane == Lane.Http1 ? host.Http : host.Https;

    public static Version Version(this Lane lane) =>
        lane == Lane.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
}

/// <summary>
/// One gateway for all tests of policies, each with an API of its own: over an exchange in memory, and over sockets with
/// an upstream that records.
/// </summary>
public sealed class Lanes : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));
    private readonly HttpClient _client = GatewayHost.CreateClient();

    internal ECDsa CallerKey { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal RecordingUpstream Upstream { get; private set; } = null!;

    internal GatewayHost Host { get; private set; } = null!;

    internal DateTimeOffset Now => _time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        Upstream = await RecordingUpstream.StartAsync();
        Host = await GatewayHost.StartAsync(
            services => services.AddSingleton<TimeProvider>(_time),
            ("Edge:TrustedProxies:0", "127.0.0.0/8"),
            ("Services:aiadapter:http:0", Upstream.Origin),
            ("CallerTokens:SigningKey", Convert.ToBase64String(CallerKey.ExportPkcs8PrivateKey()))
        );
    }

    internal Task<Reply> SendAsync(Lane lane, Call call) =>
        lane == Lane.Memory ? RunAsync(call) : CallAsync(lane, call);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        CallerKey.Dispose();
        await Host.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    private async Task<Reply> RunAsync(Call call)
    {
        var exchange = new MemoryExchange(
            call,
            Host.Services.GetRequiredService<GatewayStates>().Current,
            Now
        );
        await Host.Services.GetRequiredService<CallPath>().RunAsync(exchange);
        return exchange.ToReply();
    }

    private async Task<Reply> CallAsync(Lane lane, Call call)
    {
        Upstream.Expect(call);
        var origin = Host.OriginOf(lane);
        using var request = new HttpRequestMessage(
            new HttpMethod(call.Method),
            new Uri(
                origin + call.Target,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
            )
        )
        {
            Version = lane.Version(),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.Add(RecordingUpstream.IdHeader, call.Id);
        request.Headers.Add("X-Forwarded-For", call.Client.ToString());
        using var response = await _client.SendAsync(request);
        var headers = response
            .Headers.Concat(response.Content.Headers)
            .SelectMany(h => h.Value.Select(v => (h.Key, Value: v)))
            .ToLookup(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);
        return new(
            (int)response.StatusCode,
            headers,
            await response.Content.ReadAsStringAsync(),
            Upstream.Find(call)
        );
    }
}
