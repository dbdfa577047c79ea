using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ApiSvc.Identity.SignIn;

/// <summary>Whose word about the client's address is believed; section <c>ClientAddress</c>.</summary>
internal sealed class ClientAddressOptions : IValidatableObject
{
    public const string Section = "ClientAddress";

    /// <summary>Networks (CIDR, such as <c>10.20.0.0/16</c>) of proxies in front. None unless set.</summary>
    public IList<string> TrustedProxies { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        TrustedProxies
            .Index()
            .Where(network => !IPNetwork.TryParse(network.Item, out _))
            .Select(network => new ValidationResult(
                "Must be a network as address/length, such as 10.20.0.0/16.",
                [$"{nameof(TrustedProxies)}:{network.Index}"]
            ));
}
