using System.Runtime.InteropServices;
using System.Text;
using ApiSvc.Gateway.Indexing;

namespace ApiSvc.Gateway.Routing;

/// <summary>
/// Which API a request is for: host, then the longest base path of whole segments. A host's own routes go before
/// those for any host. Immutable; a changed copy shares all but what changed. A lookup hashes the path once, segment
/// by segment, and asks for each depth at which base paths exist, so its cost does not depend on their number.
/// </summary>
internal sealed class RouteTable<TApi>
{
    /// <summary>Segments of the deepest base path.</summary>
    public const int MaxDepth = 16;

    private readonly HashIndex<Node> _nodes;
    private readonly int[] _ofAnyHost;
    private readonly int[] _ofHosts;
    private readonly uint _anyHostDepths;
    private readonly uint _hostDepths;

    private RouteTable(HashIndex<Node> nodes, int[] ofAnyHost, int[] ofHosts, int count)
    {
        _nodes = nodes;
        _ofAnyHost = ofAnyHost;
        _ofHosts = ofHosts;
        _anyHostDepths = Mask(ofAnyHost);
        _hostDepths = Mask(ofHosts);
        Count = count;
    }

    public static RouteTable<TApi> Empty { get; } =
        new(HashIndex<Node>.Empty, new int[MaxDepth + 1], new int[MaxDepth + 1], 0);

    /// <summary>Routes, not base paths.</summary>
    public int Count { get; }

    public IEnumerable<RouteEntry<TApi>> Entries => _nodes.Items.SelectMany(n => n.Entries);

    /// <summary>Whether the key can be in a table; what else is wrong with a base path is the Catalog's to say.</summary>
    public static bool IsValid(RouteKey key) => Address.TryRead(key, out _);

    /// <summary>A table without <paramref name="removed"/> and then with <paramref name="added"/>; a key that is there is replaced.</summary>
    /// <exception cref="ArgumentException">A key is not valid.</exception>
    public RouteTable<TApi> With(IEnumerable<RouteEntry<TApi>> added, IEnumerable<RouteKey> removed)
    {
        var nodes = _nodes.ToBuilder();
        int[] ofAnyHost = [.. _ofAnyHost];
        int[] ofHosts = [.. _ofHosts];
        var count = Count;
        foreach (var key in removed)
        {
            Change(key, null);
        }

        foreach (var entry in added)
        {
            Change(entry.Key, entry);
        }

        return new(nodes.Build(), ofAnyHost, ofHosts, count);

        void Change(RouteKey key, RouteEntry<TApi>? entry)
        {
            var address = Address.Read(key);
            var probe = new Probe(address.Host, address.Path);
            var old = nodes.Find(address.Hash, probe);
            var others = old?.Entries.Where(e => e.Key.Version != key.Version) ?? [];
            RouteEntry<TApi>[] entries =
            [
                .. (entry is null ? others : others.Append(entry)).OrderBy(e => e.Key.Version),
            ];
            count += entries.Length - (old?.Entries.Length ?? 0);
            var depths = address.Host.Length == 0 ? ofAnyHost : ofHosts;
            depths[address.Depth] += (entries.Length > 0 ? 1 : 0) - (old is not null ? 1 : 0);
            if (entries.Length > 0)
            {
                nodes.Set(address.Hash, probe, new(address.Host, address.Path, entries));
            }
            else
            {
                nodes.Remove(address.Hash, probe);
            }
        }
    }

    /// <summary>Finds the API of a request; allocates nothing.</summary>
    /// <param name="host">As in the request, with or without port.</param>
    /// <param name="path">In normal form, <see cref="RequestPath"/>.</param>
    /// <param name="match">Where it belongs.</param>
    public bool TryMatch(
        ReadOnlySpan<byte> host,
        ReadOnlySpan<byte> path,
        out RouteMatch<TApi> match
    )
    {
        Span<Prefix> prefixes = stackalloc Prefix[MaxDepth + 1];
        prefixes = prefixes[..Split(path, _anyHostDepths | _hostDepths, prefixes)];
        Node? node = null;
        if (_hostDepths != 0 && !host.IsEmpty)
        {
            Span<byte> buffer = stackalloc byte[HostName.MaxLength];
            var name = HostName.Normalize(host, buffer);
            if (!name.IsEmpty)
            {
                node = Find(name, path, prefixes, _hostDepths);
            }
        }

        node ??= Find(default, path, prefixes, _anyHostDepths);
        match = node is null ? default : new(node.Apis, node.Path.Length);
        return node is not null;
    }

    private Node? Find(
        ReadOnlySpan<byte> host,
        ReadOnlySpan<byte> path,
        ReadOnlySpan<Prefix> prefixes,
        uint depths
    )
    {
        var start = SeededHash.Append(SeededHash.Start, host);
        for (var depth = prefixes.Length - 1; depth >= 0; depth--)
        {
            if ((depths & (1u << depth)) == 0)
            {
                continue;
            }

            var prefix = prefixes[depth];
            var hash = SeededHash.Combine(start, prefix.Hash);
            if (_nodes.Find(hash, new Probe(host, path[..prefix.Length])) is { } node)
            {
                return node;
            }
        }

        return null;
    }

    // The beginnings of the path that whole segments make, down to the deepest base path.
    private static int Split(ReadOnlySpan<byte> path, uint depths, Span<Prefix> prefixes)
    {
        prefixes[0] = new(0, SeededHash.Start);
        var count = 1;
        var end = 0;
        while (depths >> count != 0 && end < path.Length)
        {
            var length = path[(end + 1)..].IndexOf((byte)'/');
            if (length < 0)
            {
                length = path.Length - end - 1;
            }

            if (length == 0)
            {
                break;
            }

            var segment = path.Slice(end + 1, length);
            end += 1 + length;
            prefixes[count] = new(end, SeededHash.Append(prefixes[count - 1].Hash, segment));
            count++;
        }

        return count;
    }

    private static uint Mask(int[] counts)
    {
        var mask = 0u;
        for (var depth = 0; depth < counts.Length; depth++)
        {
            mask |= counts[depth] > 0 ? 1u << depth : 0;
        }

        return mask;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Prefix(int Length, ulong Hash);

    private sealed class Node(byte[] host, byte[] path, RouteEntry<TApi>[] entries)
    {
        public byte[] Host { get; } = host;

        public byte[] Path { get; } = path;

        public RouteEntry<TApi>[] Entries { get; } = entries;

        public TApi[] Apis { get; } = [.. entries.Select(e => e.Api)];
    }

    private readonly ref struct Probe(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
        : IProbe<Node>
    {
        private readonly ReadOnlySpan<byte> _host = host;
        private readonly ReadOnlySpan<byte> _path = path;

        public bool Matches(Node item) =>
            _path.SequenceEqual(item.Path) && _host.SequenceEqual(item.Host);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Address(byte[] Host, byte[] Path, int Depth, ulong Hash)
    {
        public static Address Read(RouteKey key) =>
            TryRead(key, out var address)
                ? address
                : throw new ArgumentException(
                    $"'{key.Host}{key.BasePath}' is not a host and a base path in normal form of at most {MaxDepth} segments.",
                    nameof(key)
                );

        public static bool TryRead(RouteKey key, out Address address)
        {
            address = default;
            var host = Encoding.UTF8.GetBytes(key.Host);
            Span<byte> buffer = stackalloc byte[HostName.MaxLength];
            var path = Encoding.UTF8.GetBytes(key.BasePath is "/" ? "" : key.BasePath);
            if (
                !HostName.Normalize(host, buffer).SequenceEqual(host)
                || (path.Length > 0 && !IsBasePath(path))
            )
            {
                return false;
            }

            Span<Prefix> prefixes = stackalloc Prefix[MaxDepth + 1];
            var depth = Split(path, (1u << (MaxDepth + 1)) - 1, prefixes) - 1;
            var prefix = prefixes[depth];
            var start = SeededHash.Append(SeededHash.Start, host);
            address = new(host, path, depth, SeededHash.Combine(start, prefix.Hash));
            return prefix.Length == path.Length;
        }

        private static bool IsBasePath(byte[] path) =>
            path[^1] != '/'
            && RequestPath.TryNormalize(path, new byte[path.Length * 3], out var normalized)
            && !normalized.HasQuery
            && normalized.Path.SequenceEqual(path)
            && !normalized.Path.Contains((byte)';');
    }
}
