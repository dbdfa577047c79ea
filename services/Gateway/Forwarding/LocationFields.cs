using System.Text;
using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Forwarding;

/// <summary>
/// <c>Location</c> and <c>Content-Location</c> (RFC 9110 sections 10.2.2 and 8.7) as the client has to read them: an upstream
/// speaks of its own addresses, which the client does not know. What leads elsewhere is left as it is.
/// </summary>
internal static class LocationFields
{
    public static void Map(Exchange exchange, in ForwardTarget target)
    {
        Map(exchange, HeaderName.Location, target);
        Map(exchange, HeaderName.ContentLocation, target);
    }

    private static void Map(Exchange exchange, HeaderName name, in ForwardTarget target)
    {
        var fields = exchange.ResponseHeaders;
        if (fields.Count(name) != 1 || !TryCutOrigin(fields.Get(name), target, out var path))
        {
            return;
        }

        var prefix = target.Address.PathPrefix.Span;
        if (!path.StartsWith(prefix) || !IsBoundary(path[prefix.Length..]))
        {
            return;
        }

        var rest = path[prefix.Length..];
        if (target.PublicPrefix.IsEmpty && rest.StartsWith("//"u8))
        {
            // Without what is before it, it would name another host.
            return;
        }

        var mapped = exchange.Arena.Take(target.PublicPrefix.Length + rest.Length).Span;
        target.PublicPrefix.Span.CopyTo(mapped);
        rest.CopyTo(mapped[target.PublicPrefix.Length..]);
        fields.Set(name, mapped.IsEmpty ? "/"u8 : mapped);
    }

    // Whether it is an address of the upstream: with its origin, its authority alone, or none of both (RFC 3986 section 4.2).
    private static bool TryCutOrigin(
        ReadOnlySpan<byte> value,
        in ForwardTarget target,
        out ReadOnlySpan<byte> path
    )
    {
        var origin = target.Address.Origin.AsSpan();
        if (value.StartsWith("//"u8))
        {
            origin = origin[(origin.IndexOf(':') + 1)..];
        }
        else if (value.StartsWith("/"u8))
        {
            path = value;
            return true;
        }

        var isOwn =
            value.Length >= origin.Length
            && Ascii.EqualsIgnoreCase(value[..origin.Length], origin)
            && IsBoundary(value[origin.Length..]);
        path = isOwn ? value[origin.Length..] : default;
        return isOwn;
    }

    private static bool IsBoundary(ReadOnlySpan<byte> rest) =>
        rest.IsEmpty || rest[0] is (byte)'/' or (byte)'?' or (byte)'#';
}
