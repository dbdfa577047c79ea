using System.Net;
using System.Net.Sockets;

namespace ApiSvc.ServiceDefaults.Egress;

/// <summary>Connects a socket to that address and no other.</summary>
/// <exception cref="SocketException">It was not accepted.</exception>
/// <exception cref="OperationCanceledException">It took too long.</exception>
public delegate ValueTask SocketConnect(
    Socket socket,
    IPEndPoint address,
    CancellationToken cancellationToken
);
