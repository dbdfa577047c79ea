using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Policies;

namespace ApiSvc.Gateway.State;

/// <summary>Makes upstreams; one that did not change goes on with what is known of its addresses.</summary>
internal sealed class UpstreamCompiler(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestConnect = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestTotal = TimeSpan.FromHours(1);

    /// <summary>The upstreams of an API, in their order; there is at least one.</summary>
    /// <exception cref="RefusedResourceException">One of them cannot be applied, or there is none.</exception>
    public IReadOnlyList<UpstreamState> CompileAll(Api api, ApiState? before)
    {
        if (api.Upstreams.Count == 0)
        {
            throw new RefusedResourceException("/upstreams", "There is no upstream.");
        }

        var compiled = new List<UpstreamState>(api.Upstreams.Count);
        foreach (var (i, upstream) in api.Upstreams.Index())
        {
            if (compiled.Exists(u => u.Name == upstream.Name))
            {
                throw new RefusedResourceException(
                    $"/upstreams/{i}/name",
                    $"There are two upstreams '{upstream.Name}'."
                );
            }

            var same = before?.Upstreams.FirstOrDefault(u => u.Name == upstream.Name);
            compiled.Add(
                same?.Source?.Equals(upstream) == true
                    ? same
                    : Compile(upstream, $"/upstreams/{i}", same)
            );
        }

        return compiled;
    }

    private UpstreamState Compile(Upstream upstream, string pointer, UpstreamState? before)
    {
        if (upstream.Addresses.Count == 0)
        {
            throw new RefusedResourceException(pointer + "/addresses", "There is no address.");
        }

        if (upstream.LoadBalancing is not ("" or "round-robin"))
        {
            throw new RefusedResourceException(
                pointer + "/loadBalancing",
                "This build does not know this way to choose an address."
            );
        }

        if (!upstream.CredentialId.IsEmpty)
        {
            throw new RefusedResourceException(
                pointer + "/credentialId",
                "This build gives upstreams no credentials."
            );
        }

        return new()
        {
            Name = upstream.Name,
            Source = upstream,
            Choice = UpstreamChoice.Of(
                [
                    .. upstream.Addresses.Select(
                        (a, i) =>
                            (
                                UpstreamAddressState.Of(a.Url, $"{pointer}/addresses/{i}/url"),
                                new Uri(a.Url),
                                Weight: (int)Math.Clamp(a.Weight, 1, 1000)
                            )
                    ),
                ],
                time,
                before?.Choice
            ),
            ConnectTimeout = Read(
                upstream.ConnectTimeout?.ToTimeSpan(),
                UpstreamState.DefaultConnectTimeout,
                LongestConnect,
                pointer + "/connectTimeout"
            ),
            TotalTimeout = Read(
                upstream.TotalTimeout?.ToTimeSpan(),
                UpstreamState.DefaultTotalTimeout,
                LongestTotal,
                pointer + "/totalTimeout"
            ),
        };
    }

    private static TimeSpan Read(
        TimeSpan? value,
        TimeSpan otherwise,
        TimeSpan longest,
        string pointer
    ) =>
        value is not { } time || time == TimeSpan.Zero ? otherwise
        : time >= Shortest && time <= longest ? time
        : throw new RefusedResourceException(pointer, $"It must be 1 ms to {longest}.");
}
