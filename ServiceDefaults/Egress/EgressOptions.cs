namespace ApiSvc.ServiceDefaults.Egress;

/// <summary>Where calls to addresses that users chose may go; section <c>Egress</c>.</summary>
public sealed class EgressOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Egress";

    /// <summary>
    /// Networks (CIDR, such as <c>10.20.0.0/16</c> or <c>fd12::/16</c>) that may be called although they are not
    /// public. None by default: only public addresses.
    /// </summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>How long connecting to one address may take, 100 ms to 5 minutes.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
