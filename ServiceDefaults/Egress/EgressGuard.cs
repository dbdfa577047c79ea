using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Egress;

/// <summary>
/// The way out for every call to an address that a user may have chosen. The address is judged when connecting,
/// and the connection goes to exactly the address that was judged: a name that changes its answer in between
/// (DNS rebinding) gains nothing, since it is asked once.
/// </summary>
public sealed class EgressGuard(IOptions<EgressOptions> options, IHostResolver resolver)
{
    private readonly IPNetwork[] _allowed =
    [
        .. options.Value.AllowedNetworks.Select(IPNetwork.Parse),
    ];

    /// <summary>Why the address may not be called; null when it may.</summary>
    public EgressReason? Judge(IPAddress address)
    {
        var inner = AddressRanges.Embedded(address) ?? address;
        return Array.Exists(_allowed, n => n.Contains(address) || n.Contains(inner))
            ? null
            : AddressRanges.Judge(address);
    }

    /// <summary>Why the scheme of the address rules it out, or its host where that is an address already.</summary>
    /// <remarks>Only a first answer, for a form field: names are judged when connecting.</remarks>
    public EgressReason? Judge(Uri uri)
    {
        if (!IsHttp(uri))
        {
            return EgressReason.Scheme;
        }

        return IPAddress.TryParse(uri.IdnHost, out var address) ? Judge(address) : null;
    }

    /// <summary>Connects to the first allowed address of the host that answers.</summary>
    /// <exception cref="EgressBlockedException">The host has no address that may be called.</exception>
    /// <exception cref="SocketException">The name is unknown, or no allowed address accepted the connection.</exception>
    public ValueTask<Socket> ConnectAsync(
        DnsEndPoint endPoint,
        CancellationToken cancellationToken
    ) =>
        ConnectAsync(
            endPoint,
            static (socket, address, token) => socket.ConnectAsync(address, token),
            cancellationToken
        );

    /// <summary>The same for who connects sockets in its own way.</summary>
    /// <exception cref="EgressBlockedException">The host has no address that may be called.</exception>
    /// <exception cref="SocketException">The name is unknown, or no allowed address accepted the connection.</exception>
    public async ValueTask<Socket> ConnectAsync(
        DnsEndPoint endPoint,
        SocketConnect connect,
        CancellationToken cancellationToken
    )
    {
        var addresses = await FindAllowedAsync(endPoint.Host, cancellationToken);
        SocketConnect limited = (socket, address, token) =>
            ConnectInTimeAsync(connect, socket, address, token);
        return await limited.ToFirstAsync(addresses, endPoint.Port, cancellationToken);
    }

    /// <summary>A handler whose connections all go through this guard: no proxy, no redirects, no cookies.</summary>
    public SocketsHttpHandler CreateHandler() =>
        new()
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            // A name that moved is asked again soon.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = async (context, cancellationToken) =>
                new NetworkStream(
                    await ConnectAsync(context.DnsEndPoint, cancellationToken),
                    ownsSocket: true
                ),
        };

    internal static bool IsHttp(Uri uri) =>
        uri.IsAbsoluteUri && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private async Task<List<IPAddress>> FindAllowedAsync(
        string host,
        CancellationToken cancellationToken
    )
    {
        // TryParse reads the decimal, octal, hexadecimal and shortened forms too, as connecting would.
        IPAddress[] addresses = IPAddress.TryParse(host, out var literal)
            ? [literal]
            : await resolver.ResolveAsync(host, cancellationToken);
        var allowed = new List<IPAddress>(addresses.Length);
        EgressReason? blocked = null;
        foreach (var address in addresses)
        {
            if (Judge(address) is { } reason)
            {
                blocked ??= reason;
            }
            else
            {
                allowed.Add(address);
            }
        }

        if (allowed.Count > 0)
        {
            return allowed;
        }

        throw blocked is { } why
            ? new EgressBlockedException(host, why)
            : new SocketException((int)SocketError.HostNotFound);
    }

    private async ValueTask ConnectInTimeAsync(
        SocketConnect connect,
        Socket socket,
        IPEndPoint address,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.ConnectTimeout);
        try
        {
            await connect(socket, address, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }
}
