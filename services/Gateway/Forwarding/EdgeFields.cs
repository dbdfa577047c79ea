using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ApiSvc.Gateway.Serving;
using Microsoft.Extensions.Primitives;

namespace ApiSvc.Gateway.Forwarding;

/// <summary>
/// What the gateway itself takes from and gives to every request that it forwards: nothing of the client's connection,
/// nothing that only the gateway may say, and where the call came from.
/// </summary>
internal static class EdgeFields
{
    private const string OwnPrefix = "x-apisvc-";

    // RFC 9110 section 7.6.1; Upgrade and TE are looked at by the forwarder.
    private static readonly string[] Connection =
    [
        "Keep-Alive",
        "Proxy-Connection",
        "Proxy-Authorization",
        "Proxy-Authenticate",
        "HTTP2-Settings",
    ];

    private static readonly string[] Rewritten =
    [
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "X-Real-IP",
    ];

    public static void Prepare(IHeaderDictionary fields, KestrelExchange exchange)
    {
        RemoveNamed(fields, fields.Connection);
        foreach (var name in Connection)
        {
            fields.Remove(name);
        }

        foreach (var name in Rewritten)
        {
            fields.Remove(name);
        }

        RemoveOwn(fields);
        if (!exchange.CallerToken.IsEmpty)
        {
            fields[OwnPrefix + "caller"] = Encoding.ASCII.GetString(exchange.CallerToken.Span);
        }

        if (fields.Upgrade.Count > 0 && !IsWebSocket(exchange.MethodText, fields))
        {
            // Another protocol than the two that are known is not taken: the request is an ordinary one (RFC 9110 section 7.8).
            fields.Remove("Upgrade");
        }

        AddOrigin(fields, exchange);
    }

    /// <summary>Removes what the upstream's own connection named.</summary>
    public static void RemoveNamed(IHeaderDictionary fields, StringValues connection)
    {
        foreach (var line in connection)
        {
            foreach (
                var name in (line ?? "").Split(
                    ',',
                    StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
                )
            )
            {
                if (!name.Equals("upgrade", StringComparison.OrdinalIgnoreCase))
                {
                    fields.Remove(name);
                }
            }
        }
    }

    private static void RemoveOwn(IHeaderDictionary fields)
    {
        List<string>? own = null;
        foreach (var field in fields)
        {
            if (field.Key.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase))
            {
                (own ??= []).Add(field.Key);
            }
        }

        foreach (var name in own ?? [])
        {
            fields.Remove(name);
        }
    }

    private static bool IsWebSocket(string method, IHeaderDictionary fields) =>
        method == "GET"
        && fields.Upgrade is [{ } protocol]
        && protocol.Equals("websocket", StringComparison.OrdinalIgnoreCase);

    private static void AddOrigin(IHeaderDictionary fields, KestrelExchange exchange)
    {
        var client = exchange.ClientAddress;
        var scheme = exchange.IsSecure ? "https" : "http";
        var host = fields.Host.ToString();
        fields["X-Forwarded-For"] = client.ToString();
        fields["X-Forwarded-Proto"] = scheme;
        if (host.Length > 0)
        {
            fields["X-Forwarded-Host"] = host;
        }

        // RFC 7239: what is no token stands in quotes, and an IPv6 address in brackets.
        var node =
            client.AddressFamily == AddressFamily.InterNetworkV6
                ? $"\"[{client}]\""
                : client.ToString();
        fields["Forwarded"] =
            host.Length > 0
                ? $"for={node};host=\"{host.Replace("\"", "", StringComparison.Ordinal)}\";proto={scheme}"
                : $"for={node};proto={scheme}";
        fields.Via = StringValues.Concat(fields.Via, exchange.Via);
        if (exchange.Span is { } span)
        {
            fields.TraceParent = span.Id;
        }
    }
}
