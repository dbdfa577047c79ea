using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Http1;

/// <summary>
/// Fields that are of one connection and not of the message (RFC 9110 section 7.6.1), those that speak of the upstream's
/// origin and not of the gateway's (RFC 7838 section 3), those that the gateway writes itself, and those that only it may
/// say, each as a set of indexes.
/// </summary>
internal static class HopFields
{
    private static readonly ulong OfConnection = SetOf(
        HeaderName.AltSvc,
        HeaderName.Connection,
        HeaderName.KeepAlive,
        HeaderName.ProxyConnection,
        HeaderName.ProxyAuthenticate,
        HeaderName.ProxyAuthorization,
        HeaderName.Http2Settings,
        HeaderName.TE,
        HeaderName.TransferEncoding,
        HeaderName.Upgrade,
        HeaderName.ContentLength,
        HeaderName.XRequestId
    );

    private static readonly ulong OfRequests =
        OfConnection
        | SetOf(
            HeaderName.Host,
            HeaderName.Expect,
            HeaderName.Via,
            HeaderName.Forwarded,
            HeaderName.XForwardedFor,
            HeaderName.XForwardedHost,
            HeaderName.XForwardedPort,
            HeaderName.XForwardedPrefix,
            HeaderName.XForwardedProto,
            HeaderName.XRealIp
        );

    /// <summary>Whether a field of a request goes to the upstream as it is.</summary>
    public static bool GoesToUpstream(HeaderName? known, ReadOnlySpan<byte> name) =>
        known is { Index: >= 0 } ? (OfRequests & (1ul << known.Index)) == 0 : !IsOwn(name);

    /// <summary>Whether a field of an answer goes to the client as it is.</summary>
    public static bool GoesToClient(HeaderName? known) =>
        known is not { Index: >= 0 } || (OfConnection & (1ul << known.Index)) == 0;

    private static bool IsOwn(ReadOnlySpan<byte> name) =>
        name.Length > 9 && System.Text.Ascii.EqualsIgnoreCase(name[..9], "x-apisvc-"u8);

    private static ulong SetOf(params ReadOnlySpan<HeaderName> names)
    {
        var set = 0ul;
        foreach (var name in names)
        {
            set |= 1ul << name.Index;
        }

        return set;
    }
}
