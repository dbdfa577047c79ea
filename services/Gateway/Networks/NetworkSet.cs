using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ApiSvc.Gateway.Networks;

/// <summary>
/// A set of addresses of both families, as sorted ranges; immutable, a lookup is a binary search without allocation.
/// An IPv4 address that came in an IPv6 socket (<c>::ffff:10.0.0.1</c>) is an IPv4 address, and is in no IPv6 network
/// but those below <c>::ffff:0:0/96</c>.
/// </summary>
internal sealed class NetworkSet
{
    private static readonly UInt128 Mapped = new(0, 0xFFFF_0000_0000);

    private readonly Range[] _ranges;

    private NetworkSet(Range[] ranges) => _ranges = ranges;

    public static NetworkSet Empty { get; } = new([]);

    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>Reads networks in CIDR form (RFC 4632, RFC 4291 section 2.3) or single addresses; bits past the prefix do not count.</summary>
    /// <exception cref="FormatException">One is neither; the message says which.</exception>
    public static NetworkSet Parse(IEnumerable<string> networks)
    {
        var ranges = new List<Range>();
        foreach (var text in networks)
        {
            ranges.Add(
                TryParse(text, out var range)
                    ? range.Value
                    : throw new FormatException($"'{text}' is not a network or an address.")
            );
        }

        return ranges.Count == 0 ? Empty : new(Merge(ranges));
    }

    public bool Contains(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out var length) && Contains(bytes[..length]);
    }

    /// <param name="address">4 or 16 bytes in network order; anything else is in no set.</param>
    public bool Contains(ReadOnlySpan<byte> address)
    {
        UInt128 value;
        switch (address.Length)
        {
            case 4:
                value = Mapped | BinaryPrimitives.ReadUInt32BigEndian(address);
                break;
            case 16:
                value = BinaryPrimitives.ReadUInt128BigEndian(address);
                break;
            default:
                return false;
        }

        var low = 0;
        var high = _ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            ref readonly var range = ref _ranges[middle];
            if (value < range.First)
            {
                high = middle - 1;
            }
            else if (value > range.Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryParse(string text, [NotNullWhen(true)] out Range? range)
    {
        range = null;
        var slash = text.IndexOf('/');
        var addressText = slash < 0 ? text : text[..slash];
        // The shortened, octal and hexadecimal forms of IPv4 mean different things to different readers.
        if (
            !IPAddress.TryParse(addressText, out var address)
            || addressText.AsSpan().ContainsAny('%', '[')
            || (
                address.AddressFamily == AddressFamily.InterNetwork
                && address.ToString() != addressText
            )
        )
        {
            return false;
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (slash >= 0 && (!TryReadPrefix(text.AsSpan(slash + 1), out prefix) || prefix > bits))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        var host =
            128 - bits + prefix == 0 ? UInt128.MaxValue : ~(UInt128.MaxValue << (bits - prefix));
        var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        range = new Range(value & ~host, value | host);
        return true;
    }

    private static bool TryReadPrefix(ReadOnlySpan<char> text, out int prefix)
    {
        prefix = 0;
        if (text.Length is 0 or > 3 || text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        foreach (var digit in text)
        {
            prefix = (prefix * 10) + (digit - '0');
        }

        return text.Length == 1 || text[0] != '0';
    }

    // A large IPv6 network would cover the mapped IPv4 addresses by number; it does not mean them.
    private static Range[] Merge(List<Range> ranges)
    {
        var last = Mapped | uint.MaxValue;
        var parts = ranges
            .SelectMany(r => r.First < Mapped || r.Last > last ? Outside(r, Mapped, last) : [r])
            .OrderBy(r => r.First);
        var merged = new List<Range>();
        foreach (var range in parts)
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last)
            {
                merged[^1] = new(merged[^1].First, UInt128.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return [.. merged];
    }

    private static IEnumerable<Range> Outside(Range range, UInt128 first, UInt128 last)
    {
        if (range.Last < first || range.First > last)
        {
            yield return range;
            yield break;
        }

        yield return new(range.First, first - 1);
        yield return new(last + 1, range.Last);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Range(UInt128 First, UInt128 Last);
}
