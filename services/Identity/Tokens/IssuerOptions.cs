using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.Identity.Tokens;

/// <summary>What tokens are given to whom; section <c>Issuer</c>. The issuer's name is <c>Tokens:Issuer</c>.</summary>
internal sealed class IssuerOptions : IValidatableObject
{
    public const string Section = "Issuer";

    /// <summary>The services of the suite, as tokens are made out to them.</summary>
    public static IReadOnlyList<string> SuiteServices { get; } =
    ["catalog", "identity", "gateway", "analytics", "aiadapter", "portal"];

    /// <summary>The audience of applications' tokens: the APIs behind the gateways, and none of the suite's services.</summary>
    public const string ApiAudience = "apis";

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

            if (client.Kind == ClientKind.Application)
            {
                yield return new(
                    "Applications' clients are made by the management API; here are Client and Service.",
                    [$"{nameof(Clients)}:{id}:{nameof(client.Kind)}"]
                );
            }

            foreach (var role in client.Roles.Except(RolesOf(RoleReach.Platform)))
            {
                yield return new(
                    $"'{role}' is none of the platform's roles: {string.Join(", ", RolesOf(RoleReach.Platform))}.",
                    [$"{nameof(Clients)}:{id}:{nameof(client.Roles)}"]
                );
            }

            foreach (
                var team in client
                    .Teams.Where(t =>
                        !Id<TeamKind>.TryParse(t.Key, out _)
                        || t.Value.Except(RolesOf(RoleReach.Team)).Any()
                    )
                    .Select(t => t.Key)
            )
            {
                yield return new(
                    $"Must be a team's id with roles of: {string.Join(", ", RolesOf(RoleReach.Team))}.",
                    [$"{nameof(Clients)}:{id}:{nameof(client.Teams)}:{team}"]
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

    private static IEnumerable<string> RolesOf(RoleReach reach) =>
        BuiltInRoles.All.Where(r => r.Reach == reach).Select(r => r.Name);
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

    /// <summary>Team id → its roles in that team.</summary>
    public IDictionary<string, List<string>> Teams { get; } =
        new Dictionary<string, List<string>>(StringComparer.Ordinal);

    /// <summary>To whom it may have tokens made out; every service of the suite unless set.</summary>
    public IList<string> Audiences { get; } = [];
}

internal enum ClientKind
{
    Client,
    Service,

    /// <summary>An application's client, known to the gateways and to none of the services.</summary>
    Application,
}
