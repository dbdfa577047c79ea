using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>Access tokens, incoming and outgoing; section <c>Tokens</c>.</summary>
public sealed class TokenOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Tokens";

    /// <summary>The issuer, exactly as in the tokens' <c>iss</c>.</summary>
    [Required]
    public string Issuer { get; set; } = "";

    /// <summary>This service as in the tokens' <c>aud</c>; its name unless set.</summary>
    public string? Audience { get; set; }

    /// <summary>Where the issuer's keys are (RFC 7517); unless set, as the issuer's discovery document says.</summary>
    public Uri? JwksUri { get; set; }

    /// <summary>Where tokens are given out (RFC 6749 section 3.2); unless set, as the issuer's discovery document says.</summary>
    public Uri? TokenEndpoint { get; set; }

    /// <summary>The OAuth client that this service is when it calls others.</summary>
    public string? ClientId { get; set; }

    /// <summary>The secret of that client.</summary>
    [Secret]
    public string? ClientSecret { get; set; }

    /// <summary>How often the issuer's keys are read anew, 10 seconds to one day.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan KeysRefresh { get; set; } = TimeSpan.FromMinutes(10);
}
