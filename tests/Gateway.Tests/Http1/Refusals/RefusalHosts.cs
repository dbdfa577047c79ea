using System.Text.RegularExpressions;
using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Refusals;

/// <summary>A gateway before an upstream that would serve anything.</summary>
public sealed partial class RefusalHosts : IAsyncLifetime
{
    private readonly HashSet<string> _refused = [];

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

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Nonce();

    public async ValueTask DisposeAsync()
    {
        // With all clients gone, nothing holds it up.
        await Gateway.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        await Upstream.DisposeAsync();
        // Once more, when whatever was under way has arrived.
        Upstream
            .FindAll()
            .SelectMany(request => Nonce().Matches(request.Text))
            .Select(nonce => nonce.Value)
            .Where(_refused.Contains)
            .ShouldBeEmpty();
    }
}
