namespace KafkaBroker;

/// <summary>How a broker runs.</summary>
public sealed class BrokerOptions
{
    /// <summary>Where the data is; created if it is not there. One broker at a time can have it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The port on the loopback address, 0 to 65535; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The <c>host:port</c> that clients are told to connect to; what the broker listens on if null.</summary>
    public string? Advertised { get; init; }

    /// <summary>The number of partitions of a topic that does not say it, 1 to 1000.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Whether data is on the disk before it is acknowledged, which power cuts ask for and killed processes do not.</summary>
    public bool FlushToDisk { get; init; }

    /// <summary>The largest request that is read, in bytes, at least 1 KiB.</summary>
    public int MaxRequestBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>The shortest session timeout that a group member may have.</summary>
    public TimeSpan MinSessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>The longest session timeout that a group member may have.</summary>
    public TimeSpan MaxSessionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How often segments that retention does not keep are deleted.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(DataFolder), "--data has to name a folder.");
        Require(Port is >= 0 and <= ushort.MaxValue, "--port has to be from 0 to 65535.");
        Require(Partitions is >= 1 and <= 1000, "--partitions has to be from 1 to 1000.");
        Require(MaxRequestBytes >= 1024, "MaxRequestBytes has to be at least 1024.");
        Require(
            Advertised is null || Address.TryParse(Advertised, out _),
            "--advertised has to be HOST:PORT."
        );
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new BrokerStartException(message);
        }
    }
}

/// <summary>Where clients reach the broker.</summary>
internal sealed record Address(string Host, int Port)
{
    public static bool TryParse(string text, out Address? address)
    {
        var colon = text.LastIndexOf(':');
        address =
            colon > 0
            && ushort.TryParse(
                text.AsSpan(colon + 1),
                System.Globalization.CultureInfo.InvariantCulture,
                out var port
            )
            && port > 0
                ? new(text[..colon], port)
                : null;
        return address is not null;
    }
}
