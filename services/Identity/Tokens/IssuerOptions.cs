using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.Identity.Tokens;

/// <summary>What tokens are given to whom; section <c>Issuer</c>. The issuer's name is <c>Tokens:Issuer</c>.</summary>
internal sealed class IssuerOptions : IValidatableObject
{
    public const string Section = "Issuer";

    /// <summary>The services of the suite, as tokens are made out to them.</summary>
    public static IReadOnlyList<string> SuiteServices { get; } =
    ["catalog", "identity", "gateway", "analytics", "aiadapter", "portal"];

    /// <summary>How long an access token is valid, one minute to one hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Client id → client: the suite's own services and its first administrator.</summary>
    public IDictionary<string, ClientOptions> Clients { get; } =
        new Dictionary<string, ClientOptions>(StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (id, client) in Clients)
        {
            if (client.Secret.Length < ClientOptions.ShortestSecret)
            {
                yield return new(
                    $"Must have at least {ClientOptions.ShortestSecret} characters. Make one with 'openssl rand -hex 32'.",
                    [$"{nameof(Clients)}:{id}:{nameof(client.Secret)}"]
                );
            }

            if (client.Kind == ClientKind.Service && !SuiteServices.Contains(id))
            {
                yield return new(
                    $"A service's client is named after it: one of {string.Join(", ", SuiteServices)}.",
                    [$"{nameof(Clients)}:{id}:{nameof(client.Kind)}"]
                );
            }
        }
    }
}

/// <summary>A client that gets tokens for itself.</summary>
internal sealed class ClientOptions
{
    public const int ShortestSecret = 32;

    /// <summary>Whether it is a service of the suite.</summary>
    public ClientKind Kind { get; set; } = ClientKind.Client;

    /// <summary>What it proves itself with, 32 characters or more.</summary>
    [Secret]
    public string Secret { get; set; } = "";

    /// <summary>Its roles on the whole platform.</summary>
    public IList<string> Roles { get; } = [];

    /// <summary>To whom it may have tokens made out; every service of the suite unless set.</summary>
    public IList<string> Audiences { get; } = [];
}

internal enum ClientKind
{
    Client,
    Service,
}
