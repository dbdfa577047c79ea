using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Gateway.Sync;

/// <summary>Which gateway this is. Section <c>Gateway</c>.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>The gateway group it belongs to. <c>sandbox</c>.</summary>
    [Required]
    [RegularExpression("^[a-z][a-z0-9-]{0,62}$")]
    public string Environment { get; set; } = "sandbox";

    /// <summary>Its name, unique in its group and kept over restarts. The machine's.</summary>
    [Required]
    public string Node { get; set; } = System.Environment.MachineName;
}
