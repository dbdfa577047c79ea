using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Slow;

/// <summary>A gateway that is soon out of patience.</summary>
public sealed class SlowHosts : IAsyncLifetime
{
    internal static TimeSpan HeadTimeout { get; } = TimeSpan.FromMilliseconds(800);

    internal static TimeSpan IdleTimeout { get; } = TimeSpan.FromMilliseconds(1_500);

    internal static TimeSpan Grace { get; } = TimeSpan.FromMilliseconds(700);

    internal LenientUpstream Upstream { get; } = new();

    internal GatewayHost Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Gateway = await GatewayHost.StartAsync(
            null,
            ("Edge:Http1:HeadTimeout", $"{HeadTimeout:c}"),
            ("Edge:Http1:IdleTimeout", $"{IdleTimeout:c}"),
            ("Edge:Http1:MinRate", "20000"),
            ("Edge:Http1:MinRateGrace", $"{Grace:c}")
        );
        await OpenApi.PutAsync(Gateway, "/w", Upstream.Origin);
    }

    public async ValueTask DisposeAsync()
    {
        // With all clients gone, nothing holds it up.
        await Gateway.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        await Upstream.DisposeAsync();
    }

    internal Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(Gateway.Http);
}
