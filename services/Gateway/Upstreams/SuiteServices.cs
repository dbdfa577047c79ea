using ApiSvc.Gateway.Management;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Upstreams;

/// <summary>
/// The suite's services that APIs can be made of. Configuration calls them by name, <c>apisvc://aiadapter</c>, and each node knows
/// where they are. They are reached at their serving paths only, never at their management APIs.
/// </summary>
internal sealed class SuiteServices(IOptions<ManagementOptions> options)
{
    /// <summary>Of addresses that name a service.</summary>
    public const string Scheme = "apisvc";

    private const string AiAdapter = "aiadapter";
    private const string ServingPath = "/serve";

    /// <summary>Whether what is at the address calls APIs for its caller: MCP servers do, of which each tool is an operation.</summary>
    public static bool CallsBack(Uri address) =>
        address.AbsolutePath.StartsWith("/mcp/", StringComparison.Ordinal);

    /// <summary>Where a service takes calls to APIs; null if this node knows none of that name.</summary>
    /// <param name="address">An address with <see cref="Scheme"/>.</param>
    public Uri? Find(Uri address) =>
        address.Host == AiAdapter
        && options.Value.Services.TryGetValue("ai", out var addresses)
        && addresses.Rest is { } rest
            ? new Uri(
                rest.AbsoluteUri.TrimEnd('/') + ServingPath + address.AbsolutePath.TrimEnd('/')
            )
            : null;
}
