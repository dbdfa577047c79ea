using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ApiSvc.ServiceDefaults.Egress;

/// <summary>Where calls to addresses that users chose may go; section <c>Egress</c>.</summary>
public sealed class EgressOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Egress";

    /// <summary>
    /// Networks (CIDR, such as <c>10.20.0.0/16</c> or <c>fd12::/16</c>) that may be called although they are not
    /// public. None by default: only public addresses.
    /// </summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>How long connecting to one address may take, 100 ms to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        AllowedNetworks
            .Index()
            .Where(network => !IPNetwork.TryParse(network.Item, out _))
            .Select(network => new ValidationResult(
                "Must be a network as address/length, such as 10.20.0.0/16.",
                [$"{nameof(AllowedNetworks)}:{network.Index}"]
            ));
}
