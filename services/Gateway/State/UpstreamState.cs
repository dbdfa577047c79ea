using System.Globalization;
using System.Text;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Http1.Upstreams;
using ApiSvc.Gateway.Policies;
using ApiSvc.Gateway.Upstreams;

namespace ApiSvc.Gateway.State;

/// <summary>An upstream with its addresses and what is known of their health.</summary>
internal sealed class UpstreamState
{
    public static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan DefaultTotalTimeout = TimeSpan.FromSeconds(100);

    /// <summary>Its name in the version; empty for the suite's own.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it was made from, to see what changed; null for the suite's own.</summary>
    public Upstream? Source { get; init; }

    /// <summary>Its addresses and their health.</summary>
    public required IUpstreamChoice Choice { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = DefaultConnectTimeout;

    /// <summary>From the first byte of the request to the last of the answer; infinite for streams of the suite's own.</summary>
    public TimeSpan TotalTimeout { get; init; } = DefaultTotalTimeout;

    /// <summary>Whether it is one of the suite's services: trusted, wherever it is, and with streams that last.</summary>
    public bool IsInternal { get; init; }

    /// <summary>Whether it judges itself how long bodies may be.</summary>
    public bool TakesAnyBody { get; init; }

    /// <summary>Whom the caller's token is for, where the upstream is always told who calls.</summary>
    public string? CallerAudience { get; init; }

    /// <summary>
    /// Whether it gets the caller's credential too, because it calls the gateway again on the caller's behalf. Only of services of the
    /// suite.
    /// </summary>
    public bool GetsCredential { get; init; }

    /// <summary>Whether it speaks HTTP/2 only.</summary>
    public bool IsHttp2 { get; init; }
}

/// <summary>Which of an upstream's addresses is called.</summary>
internal interface IUpstreamChoice
{
    /// <summary>The next address; there always is one.</summary>
    UpstreamAddressState Pick();

    /// <summary>Says how a call to it ended.</summary>
    void Report(UpstreamAddressState address, UpstreamOutcome outcome);
}

/// <summary>One address of an upstream.</summary>
/// <param name="origin">Scheme and authority: <c>https://orders.example:8443</c>.</param>
/// <param name="pathPrefix">What goes before every path; without a slash at its end.</param>
internal sealed class UpstreamAddressState(string origin, ReadOnlyMemory<byte> pathPrefix)
{
    public string Origin { get; } = origin;

    public ReadOnlyMemory<byte> PathPrefix { get; } = pathPrefix;

    /// <summary>What Host says to it.</summary>
    public ReadOnlyMemory<byte> Authority { get; } = AuthorityOf(new(origin));

    /// <summary>The connections to it, once there was a call.</summary>
    public UpstreamPool? Pool { get; set; }

    /// <exception cref="RefusedResourceException">It is no address that can be called.</exception>
    public static UpstreamAddressState Of(string url, string pointer)
    {
        if (
            !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.UserInfo.Length > 0
            || uri.Query.Length > 0
            || uri.Fragment.Length > 0
        )
        {
            throw new RefusedResourceException(
                pointer,
                "It is no absolute http or https address without user, query and fragment."
            );
        }

        return new(
            uri.GetLeftPart(UriPartial.Authority),
            Encoding.ASCII.GetBytes(uri.AbsolutePath.TrimEnd('/'))
        );
    }

    private static byte[] AuthorityOf(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return Encoding.ASCII.GetBytes(
            uri.IsDefaultPort
                ? host
                : string.Create(CultureInfo.InvariantCulture, $"{host}:{uri.Port}")
        );
    }
}
