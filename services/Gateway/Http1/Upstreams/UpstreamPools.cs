using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Http1.Transport.Loops;
using ApiSvc.Gateway.State;
using ApiSvc.ServiceDefaults.Egress;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Http1.Upstreams;

/// <summary>The connections to all upstreams. A changed configuration costs none: they are kept by address.</summary>
internal sealed class UpstreamPools(
    EgressGuard guard,
    EventLoops loops,
    IOptions<Http1Options> options
) : IDisposable
{
    private readonly ConcurrentDictionary<Key, UpstreamPool> _pools = new();

    public UpstreamPool For(in ForwardTarget target) =>
        target.Address.Pool ?? Find(target.Address, target.Upstream.IsInternal);

    /// <summary>Closes connections that are not used any more.</summary>
    public void Reap()
    {
        var now = Environment.TickCount64;
        foreach (var pool in _pools.Values)
        {
            pool.Reap(now);
        }
    }

    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Reap(long.MaxValue);
        }
    }

    private UpstreamPool Find(UpstreamAddressState address, bool isInternal)
    {
        var pool = _pools.GetOrAdd(
            new(address.Origin, isInternal),
            key => new(new(new Uri(key.Origin), key.IsInternal, guard, loops), options.Value)
        );
        address.Pool = pool;
        return pool;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Key(string Origin, bool IsInternal);
}
