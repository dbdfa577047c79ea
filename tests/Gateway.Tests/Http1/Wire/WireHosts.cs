using ApiSvc.Gateway.Tests.Calls;

namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>A gateway before an upstream that echoes, and before those that tests add.</summary>
public sealed class WireHosts : IAsyncLifetime
{
    internal LenientUpstream Upstream { get; } = new();

    internal GatewayHost Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Gateway = await GatewayHost.StartAsync();
        await OpenApi.PutAsync(Gateway, "/w", Upstream.Origin);
    }

    public async ValueTask DisposeAsync()
    {
        // With all clients gone, nothing holds it up.
        await Gateway.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        await Upstream.DisposeAsync();
    }

    internal Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(Gateway.Http);

    /// <summary>Puts an API before an upstream.</summary>
    /// <returns>Its base path.</returns>
    internal async Task<string> PutAsync(ScriptedUpstream upstream, TimeSpan? timeout = null)
    {
        var path = $"/s/{Guid.NewGuid():n}";
        await OpenApi.PutAsync(Gateway, path, upstream.Origin, timeout);
        return path;
    }

    /// <summary>The only request that the echoing upstream answered whose bytes have this in it.</summary>
    internal SeenRequest Seen(string nonce) =>
        Upstream
            .Answered.Where(r => r.Text.Contains(nonce, StringComparison.Ordinal))
            .ShouldHaveSingleItem();

    internal static string NewNonce() => Guid.NewGuid().ToString("n");
}
