using System.Globalization;

namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>A connection's end as the system knows it.</summary>
/// <param name="LocalPort">The port of this end.</param>
/// <param name="RemotePort">The port of the other.</param>
/// <param name="Unsent">Bytes that were sent but not confirmed.</param>
/// <param name="Unread">Bytes that came but were not read.</param>
internal sealed record TcpEnd(int LocalPort, int RemotePort, long Unsent, long Unread);

/// <summary>
/// The system's own table of connections (proc(5), <c>/proc/net/tcp</c>): unlike a count of file descriptors, it tells
/// whose they are while other tests run.
/// </summary>
internal static class TcpTable
{
    /// <summary>The ends that a program still holds open, with this port on either side.</summary>
    public static IReadOnlyList<TcpEnd> Held(int port) =>
        [
            .. File.ReadLines("/proc/net/tcp")
                .Skip(1)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                // The descriptor's inode: 0 once it is closed. The state 0A listens.
                .Where(words => words[9] != "0" && words[3] != "0A")
                .Select(words => new TcpEnd(
                    Port(words[1]),
                    Port(words[2]),
                    Hex(words[4].Split(':')[0]),
                    Hex(words[4].Split(':')[1])
                ))
                .Where(end => end.LocalPort == port || end.RemotePort == port),
        ];

    /// <summary>Bytes that the system holds on the connections with this port, on their way in either direction.</summary>
    public static long Queued(int port) => Held(port).Sum(end => end.Unsent + end.Unread);

    private static int Port(string address) => (int)Hex(address.Split(':')[1]);

    private static long Hex(string digits) =>
        long.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
