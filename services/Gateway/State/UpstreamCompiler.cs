using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Policies;

namespace ApiSvc.Gateway.State;

/// <summary>Makes upstreams; one that did not change goes on with what is known of its addresses.</summary>
internal sealed class UpstreamCompiler(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestConnect = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestTotal = TimeSpan.FromHours(1);

    /// <exception cref="RefusedResourceException">It cannot be applied.</exception>
    public UpstreamState Compile(Upstream upstream, string pointer, ApiState? before)
    {
        if (
            before is { Upstream: { } same, Source.Upstreams: [var old, ..] }
            && old.Equals(upstream)
        )
        {
            return same;
        }

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
                before?.Upstream?.Choice
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
