using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.State;
using ApiSvc.Gateway.Upstreams;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Management;

/// <summary>
/// The outside door to the management APIs: <c>/apisvc/{service}/v1/**</c> to the service's REST, and
/// <c>/apisvc.{area}.v1.*</c> to its gRPC. The caller's own token goes with the call and the service judges it; nothing
/// else of the services can be reached.
/// </summary>
internal sealed class ManagementRoutes
{
    private readonly (
        ReadOnlyMemory<byte> Prefix,
        UpstreamState? Upstream,
        UpstreamAddressState? Address,
        int Cut
    )[] _routes;

    public ManagementRoutes(IOptions<ManagementOptions> options)
    {
        _routes =
        [
            .. options.Value.Services.SelectMany(service =>
                new[]
                {
                    Route($"/apisvc/{service.Key}/v1", service.Value.Rest, isGrpc: false),
                    Route($"/apisvc.{service.Key}.v1.", service.Value.Grpc, isGrpc: true),
                }
            ),
        ];
    }

    /// <summary>Whether the path is one of the suite's own.</summary>
    /// <param name="exchange">The call, with its normalised path.</param>
    /// <param name="target">Where it goes; null: nowhere, there is nothing at this address.</param>
    public bool TryMatch(Exchange exchange, out ForwardTarget? target)
    {
        target = null;
        var path = exchange.Path.Span;
        if (
            !path.StartsWith("/apisvc"u8)
            || (path.Length > 7 && path[7] is not ((byte)'/' or (byte)'.'))
        )
        {
            return false;
        }

        foreach (var (prefix, upstream, address, cut) in _routes)
        {
            if (
                upstream is null
                || !path.StartsWith(prefix.Span)
                || (cut > 0 && path.Length > prefix.Length && path[prefix.Length] != '/')
            )
            {
                continue;
            }

            var rest = path[cut..];
            var query = exchange.Query;
            var bytes = exchange.Arena.Take(
                rest.Length + (exchange.HasQuery ? query.Length + 1 : 0)
            );
            rest.CopyTo(bytes.Span);
            if (exchange.HasQuery)
            {
                bytes.Span[rest.Length] = (byte)'?';
                query.CopyTo(bytes.Span[(rest.Length + 1)..]);
            }

            target = new(address!, bytes, upstream, exchange.Path[..cut]);
            break;
        }

        return true;
    }

    private static (ReadOnlyMemory<byte>, UpstreamState?, UpstreamAddressState?, int) Route(
        string prefix,
        Uri? url,
        bool isGrpc
    )
    {
        var cut = isGrpc ? 0 : prefix.LastIndexOf('/');
        var bytes = System.Text.Encoding.ASCII.GetBytes(prefix);
        if (url is null)
        {
            return (bytes, null, null, cut);
        }

        var address = UpstreamAddressState.Of(url.AbsoluteUri, prefix);
        var upstream = new UpstreamState
        {
            Choice = new OnlyAddress(address),
            TotalTimeout = Timeout.InfiniteTimeSpan,
            IsInternal = true,
            TakesAnyBody = true,
            IsHttp2 = isGrpc,
        };
        return (bytes, upstream, address, cut);
    }

    private sealed class OnlyAddress(UpstreamAddressState address) : IUpstreamChoice
    {
        public UpstreamAddressState Pick() => address;

        public void Report(UpstreamAddressState reported, UpstreamOutcome outcome)
        {
            // There is no other one to choose.
        }
    }
}
