using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Policies;

/// <summary>Names the counters of limits and quotas: whose rule it is and whose calls.</summary>
internal static class CounterKey
{
    // Odd, so that multiplying loses nothing.
    private static readonly UInt128 Spread = new(0x9E37_79B9_7F4A_7C15, 0xF39C_C060_5CED_C835);

    /// <summary>A rule's own part. Equal rules in equal places have equal ones, so that a new revision goes on counting.</summary>
    public static UInt128 OfRule(Guid owner, string place, ReadOnlySpan<byte> settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(owner.ToByteArray());
        hash.AppendData(Encoding.UTF8.GetBytes(place));
        hash.AppendData(settings);
        return BinaryPrimitives.ReadUInt128BigEndian(hash.GetHashAndReset());
    }

    /// <summary>The counter of a call.</summary>
    public static UInt128 Of(UInt128 rule, CountedBy countedBy, Exchange exchange) =>
        rule
        ^ (
            Spread
            * countedBy switch
            {
                CountedBy.Address => Of(exchange.ClientAddress),
                CountedBy.Api => Of(exchange.Api!.ApiId),
                CountedBy.Operation => Of(exchange.Operation?.Id ?? exchange.Api!.ApiId),
                CountedBy.User when exchange.Caller.Subject is not null => exchange
                    .Caller
                    .SubjectKey,
                CountedBy.Application or CountedBy.User => OfApplication(exchange),
                _ => exchange.Subscription is { } subscription
                    ? Of(subscription.Id)
                    : OfApplication(exchange),
            }
        );

    /// <summary>A text's part, made once per credential.</summary>
    public static UInt128 Of(string text) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // Callers without an application are told apart by where they are.
    private static UInt128 OfApplication(Exchange exchange) =>
        exchange.Caller.Kind == CallerKind.Anonymous
            ? Of(exchange.ClientAddress)
            : Of(exchange.Caller.ApplicationId);

    private static UInt128 Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    // A network of 64 bits is one subscriber's (RFC 6177): counting each of its addresses would limit nobody.
    private static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6)
        {
            bytes[8..].Clear();
        }
        else if (length == 16)
        {
            bytes[12..].CopyTo(bytes);
            bytes[4..].Clear();
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
