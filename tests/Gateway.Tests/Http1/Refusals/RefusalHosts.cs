using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Refusals;

/// <summary>A gateway before an upstream that would serve anything.</summary>
public sealed class RefusalHosts : IAsyncLifetime
{
    private readonly List<string> _refused = [];

    internal LenientUpstream Upstream { get; } = new();

    internal GatewayHost Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Gateway = await GatewayHost.StartAsync(
            null,
            ("Edge:MaxRequestBodyBytes", $"{BodyFaults.MaxBody}")
        );
        await OpenApi.PutAsync(Gateway, "/w", Upstream.Origin);
    }

    /// <summary>A path that no other request has.</summary>
    internal static string NewPath() => $"/w/{Guid.NewGuid():n}";

    /// <summary>The upstream must not have seen a request with this, and must not until the end.</summary>
    internal void ShouldNotBeSeen(string path)
    {
        Upstream.Find(path).ShouldBeEmpty();
        lock (_refused)
        {
            _refused.Add(path);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
        // Once more, when whatever was under way has arrived.
        _refused.SelectMany(path => Upstream.Find(path)).ShouldBeEmpty();
    }
}
