using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ApiSvc.Gateway.Http1.Connections;

/// <summary>Where calls of a connection come from, as the fields for upstreams say it; put together once.</summary>
internal sealed class ForwardedOrigin
{
    public ForwardedOrigin(IPAddress client, bool isSecure)
    {
        Client = client;
        var scheme = isSecure ? "https" : "http";
        Fields = Encoding.ASCII.GetBytes(
            $"X-Forwarded-For: {client}\r\nX-Forwarded-Proto: {scheme}\r\n"
        );
        // RFC 7239: what is no token stands in quotes, and an IPv6 address in brackets.
        var node =
            client.AddressFamily == AddressFamily.InterNetworkV6
                ? $"\"[{client}]\""
                : client.ToString();
        ForwardedStart = Encoding.ASCII.GetBytes($"Forwarded: for={node}");
        ForwardedEnd = Encoding.ASCII.GetBytes($";proto={scheme}\r\n");
    }

    public IPAddress Client { get; }

    /// <summary>X-Forwarded-For and X-Forwarded-Proto.</summary>
    public ReadOnlyMemory<byte> Fields { get; }

    /// <summary>Forwarded (RFC 7239) up to where the host comes.</summary>
    public ReadOnlyMemory<byte> ForwardedStart { get; }

    /// <summary>The rest of it.</summary>
    public ReadOnlyMemory<byte> ForwardedEnd { get; }
}
