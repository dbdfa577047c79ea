namespace ApiSvc.Gateway.Routing;

/// <summary>Brings the host of a request into the form in which routes have it.</summary>
internal static class HostName
{
    /// <summary>Longest name of DNS in its text form (RFC 1035 section 2.3.4), and any address.</summary>
    public const int MaxLength = 255;

    /// <summary>Lower case, without port and without the root's dot.</summary>
    /// <returns>What was written; empty where it is none.</returns>
    public static ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> authority, Span<byte> buffer)
    {
        var host = WithoutPort(authority);
        if (host is [.., (byte)'.'])
        {
            host = host[..^1];
        }

        if (host.Length > buffer.Length)
        {
            return default;
        }

        for (var i = 0; i < host.Length; i++)
        {
            var value = host[i];
            buffer[i] = value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
        }

        return buffer[..host.Length];
    }

    private static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> authority)
    {
        var colon = authority.LastIndexOf((byte)':');
        // The colons of an IPv6 address are inside its brackets.
        return colon < 0 || authority[colon..].Contains((byte)']') ? authority : authority[..colon];
    }
}
