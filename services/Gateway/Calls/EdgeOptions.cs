using System.ComponentModel.DataAnnotations;
using System.Net;
using ApiSvc.Gateway.Http1;

namespace ApiSvc.Gateway.Calls;

/// <summary>The gateway's edge; section <c>Edge</c>.</summary>
internal sealed class EdgeOptions : IValidatableObject
{
    public const string Section = "Edge";

    /// <summary>The longest body that is taken for an API, 0 to 1 TiB; 64 MiB unless set. The suite's services have limits of their own.</summary>
    [Range(0, 1L << 40)]
    public long MaxRequestBodyBytes { get; set; } = 64L << 20;

    /// <summary>The gateway's own HTTP/1.1.</summary>
    public Http1Options Http1 { get; } = new();

    /// <summary>Networks (CIDR) of proxies whose <c>X-Forwarded-For</c> is believed; none by default.</summary>
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
