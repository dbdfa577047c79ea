namespace ApiSvc.Gateway.Exchanges;

/// <summary>Looks into a query without taking it apart. Names are compared as they are sent.</summary>
internal static class QueryText
{
    /// <summary>Finds the first parameter of that name.</summary>
    /// <param name="query">Without the question mark.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Where its value is.</param>
    public static bool TryFind(ReadOnlySpan<byte> query, ReadOnlySpan<byte> name, out Range value)
    {
        foreach (var part in query.Split((byte)'&'))
        {
            var (start, length) = part.GetOffsetAndLength(query.Length);
            if (NameOf(query.Slice(start, length)).SequenceEqual(name))
            {
                value = Math.Min(start + name.Length + 1, start + length)..(start + length);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The query without any parameter of that name; the others as they are.</summary>
    public static ReadOnlyMemory<byte> Without(
        ReadOnlySpan<byte> query,
        ReadOnlySpan<byte> name,
        Arena arena
    )
    {
        var kept = arena.Take(query.Length);
        var length = 0;
        foreach (var part in query.Split((byte)'&'))
        {
            var parameter = query[part];
            if (NameOf(parameter).SequenceEqual(name))
            {
                continue;
            }

            if (length > 0)
            {
                kept.Span[length++] = (byte)'&';
            }

            parameter.CopyTo(kept.Span[length..]);
            length += parameter.Length;
        }

        return kept[..length];
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> parameter)
    {
        var equals = parameter.IndexOf((byte)'=');
        return equals < 0 ? parameter : parameter[..equals];
    }
}
