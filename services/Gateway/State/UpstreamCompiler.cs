using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Policies;
using ApiSvc.Gateway.Upstreams;

namespace ApiSvc.Gateway.State;

/// <summary>Makes upstreams; one that did not change goes on with what is known of its addresses.</summary>
internal sealed class UpstreamCompiler(TimeProvider time, SuiteServices suite)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestConnect = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestTotal = TimeSpan.FromHours(1);

    // A model may write for long, and judges itself when nothing comes any more.
    private static readonly TimeSpan ServiceTotalTimeout = TimeSpan.FromMinutes(15);

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

        var service = ServiceOf(upstream, pointer);
        return new()
        {
            Name = upstream.Name,
            Source = upstream,
            IsInternal = service is not null,
            CallerAudience = service,
            GetsCredential =
                service is not null
                && upstream.Addresses.All(a => SuiteServices.CallsBack(new(a.Url))),
            Choice = UpstreamChoice.Of(
                [
                    .. upstream.Addresses.Select(
                        (a, i) => Address(a, $"{pointer}/addresses/{i}/url", service is not null)
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
                service is null ? UpstreamState.DefaultTotalTimeout : ServiceTotalTimeout,
                LongestTotal,
                pointer + "/totalTimeout"
            ),
        };
    }

    // The name of the suite's service that all of its addresses are of; null: it is elsewhere.
    private static string? ServiceOf(Upstream upstream, string pointer)
    {
        var hosts = upstream
            .Addresses.Select(a =>
                Uri.TryCreate(a.Url, UriKind.Absolute, out var uri)
                && uri.Scheme == SuiteServices.Scheme
                    ? uri.Host
                    : null
            )
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return hosts.Count == 1
            ? hosts[0]
            : throw new RefusedResourceException(
                pointer + "/addresses",
                "A service of the suite stands alone: there are other addresses beside it."
            );
    }

    private (UpstreamAddressState Address, Uri Url, int Weight) Address(
        UpstreamAddress address,
        string pointer,
        bool isService
    )
    {
        var url = isService
            ? suite.Find(new(address.Url))?.AbsoluteUri
                ?? throw new RefusedResourceException(
                    pointer,
                    $"This node knows no service at '{address.Url}'."
                )
            : address.Url;
        return (
            UpstreamAddressState.Of(url, pointer),
            new(url),
            (int)Math.Clamp(address.Weight, 1, 1000)
        );
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
