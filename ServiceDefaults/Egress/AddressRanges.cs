using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ApiSvc.ServiceDefaults.Egress;

/// <summary>Tells public addresses from all others, by IANA's special-purpose registries (RFC 6890).</summary>
internal static class AddressRanges
{
    private static readonly (IPNetwork Network, EgressReason Reason)[] V4 =
    [
        (IPNetwork.Parse("0.0.0.0/8"), EgressReason.Loopback),
        (IPNetwork.Parse("10.0.0.0/8"), EgressReason.Private),
        (IPNetwork.Parse("100.64.0.0/10"), EgressReason.Shared),
        (IPNetwork.Parse("127.0.0.0/8"), EgressReason.Loopback),
        // A public number, but on Azure it answers each guest with what is the guest's own.
        (IPNetwork.Parse("168.63.129.16/32"), EgressReason.Platform),
        (IPNetwork.Parse("169.254.0.0/16"), EgressReason.LinkLocal),
        (IPNetwork.Parse("172.16.0.0/12"), EgressReason.Private),
        (IPNetwork.Parse("192.0.0.0/24"), EgressReason.Reserved),
        (IPNetwork.Parse("192.0.2.0/24"), EgressReason.Documentation),
        (IPNetwork.Parse("192.88.99.0/24"), EgressReason.Reserved),
        (IPNetwork.Parse("192.168.0.0/16"), EgressReason.Private),
        (IPNetwork.Parse("198.18.0.0/15"), EgressReason.Benchmarking),
        (IPNetwork.Parse("198.51.100.0/24"), EgressReason.Documentation),
        (IPNetwork.Parse("203.0.113.0/24"), EgressReason.Documentation),
        (IPNetwork.Parse("224.0.0.0/4"), EgressReason.Multicast),
        (IPNetwork.Parse("255.255.255.255/32"), EgressReason.Multicast),
        (IPNetwork.Parse("240.0.0.0/4"), EgressReason.Reserved),
    ];

    private static readonly (IPNetwork Network, EgressReason Reason)[] V6 =
    [
        (IPNetwork.Parse("::/127"), EgressReason.Loopback),
        (IPNetwork.Parse("fc00::/7"), EgressReason.Private),
        (IPNetwork.Parse("fec0::/10"), EgressReason.Private),
        (IPNetwork.Parse("fe80::/10"), EgressReason.LinkLocal),
        (IPNetwork.Parse("ff00::/8"), EgressReason.Multicast),
        (IPNetwork.Parse("2001:db8::/32"), EgressReason.Documentation),
        (IPNetwork.Parse("3fff::/20"), EgressReason.Documentation),
        (IPNetwork.Parse("2001:2::/48"), EgressReason.Benchmarking),
        (IPNetwork.Parse("2001::/23"), EgressReason.Reserved),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");

    /// <summary>Why the address is not a public one; null when it is.</summary>
    public static EgressReason? Judge(IPAddress address)
    {
        if (Embedded(address) is { } inner)
        {
            return Judge(inner);
        }

        var isV4 = address.AddressFamily == AddressFamily.InterNetwork;
        foreach (var (network, reason) in isV4 ? V4 : V6)
        {
            if (network.Contains(address))
            {
                return reason;
            }
        }

        return isV4 || GlobalUnicast.Contains(address) ? null : EgressReason.Reserved;
    }

    /// <summary>The IPv4 address at which a packet to an IPv6 transition address comes out.</summary>
    public static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.IsIPv4MappedToIPv6 || Nat64.Contains(address))
        {
            return new IPAddress(bytes[12..]);
        }

        if (SixToFour.Contains(address))
        {
            return new IPAddress(bytes[2..6]);
        }

        if (Teredo.Contains(address))
        {
            // The client's address is stored inverted (RFC 4380 section 4).
            BinaryPrimitives.WriteUInt32BigEndian(
                bytes,
                ~BinaryPrimitives.ReadUInt32BigEndian(bytes[12..])
            );
            return new IPAddress(bytes[..4]);
        }

        return null;
    }
}
