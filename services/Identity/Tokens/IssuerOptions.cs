using System.ComponentModel.DataAnnotations;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Rules;
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

    /// <summary>How long an authorization code is good, 10 seconds to 10 minutes (RFC 6749 section 4.1.2).</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00")]
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a device code is good, one minute to one hour (RFC 8628 section 3.2).</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan DeviceCodeLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a refresh token is good when it is not used, one minute to one year.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long refresh tokens may follow one another before the user has to sign in again, one hour to two years.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "730.00:00:00")]
    public TimeSpan GrantLifetime { get; set; } = TimeSpan.FromDays(180);

    /// <summary>Client id → client: the suite's own services and its first administrator.</summary>
    public IDictionary<string, ClientOptions> Clients { get; } =
        new Dictionary<string, ClientOptions>(StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (id, client) in Clients)
        {
            if (client.Kind == ClientKind.Application)
            {
                yield return new(
                    "Applications' clients are made by the management API; here are Client and Service.",
                    [$"{nameof(Clients)}:{id}:{nameof(client.Kind)}"]
                );
            }

            foreach (
                var (key, reason) in ProofAndGrantFaults(client).Concat(AlgorithmFaults(client))
            )
            {
                yield return new(reason, [$"{nameof(Clients)}:{id}:{key}"]);
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

    private static IEnumerable<(string Key, string Reason)> ProofAndGrantFaults(
        ClientOptions client
    )
    {
        if (client.Public && client.Secret.Length > 0)
        {
            yield return (nameof(client.Secret), "A public client has no secret.");
        }

        if (!client.Public && client.Secret.Length < ClientOptions.ShortestSecret)
        {
            yield return (
                nameof(client.Secret),
                $"Must have at least {ClientOptions.ShortestSecret} characters. Make one with 'openssl rand -hex 32'."
            );
        }

        if (client.GrantTypes.Except(GrantTypes.All).Any())
        {
            yield return (
                nameof(client.GrantTypes),
                $"Must be of: {string.Join(", ", GrantTypes.All)}."
            );
        }

        if (
            client.Public
            && (
                client.Kind == ClientKind.Service
                || client.GrantTypes.Contains(GrantTypes.ClientCredentials)
            )
        )
        {
            yield return (
                nameof(client.Public),
                "A public client is no service and gets no tokens for itself."
            );
        }

        if (
            client.GrantTypes.Contains(GrantTypes.AuthorizationCode)
            != client.RedirectUris.Count > 0
        )
        {
            yield return (
                nameof(client.RedirectUris),
                "Must be there with the grant type authorization_code, and only then."
            );
        }

        foreach (
            var uri in client
                .RedirectUris.Concat(client.PostLogoutRedirectUris)
                .Where(u => RedirectUri.FindFault(u) is not null)
        )
        {
            yield return (nameof(client.RedirectUris), $"'{uri}' {RedirectUri.FindFault(uri)}.");
        }
    }

    private static IEnumerable<(string Key, string Reason)> AlgorithmFaults(ClientOptions client)
    {
        if (!SigningAlgorithms.All.Contains(client.AccessTokenSigningAlg))
        {
            yield return (nameof(client.AccessTokenSigningAlg), "Must be ES256 or RS256.");
        }

        if (!SigningAlgorithms.All.Contains(client.IdTokenSignedResponseAlg))
        {
            yield return (nameof(client.IdTokenSignedResponseAlg), "Must be ES256 or RS256.");
        }
    }

    private static IEnumerable<string> RolesOf(RoleReach reach) =>
        BuiltInRoles.All.Where(r => r.Reach == reach).Select(r => r.Name);
}

/// <summary>A client that gets tokens, for itself or for users.</summary>
internal sealed class ClientOptions
{
    public const int ShortestSecret = 32;

    /// <summary>Whether it is a service of the suite.</summary>
    public ClientKind Kind { get; set; } = ClientKind.Client;

    /// <summary>What it proves itself with, 32 characters or more.</summary>
    [Secret]
    public string Secret { get; set; } = "";

    /// <summary>Whether it is a program on users' machines, which keeps no secret (RFC 6749 section 2.1).</summary>
    public bool Public { get; set; }

    /// <summary>How it may get tokens; <c>client_credentials</c> unless set.</summary>
    public IList<string> GrantTypes { get; } = [];

    /// <summary>Where a browser may bring it a code, for users who act through it as who they are.</summary>
    public IList<string> RedirectUris { get; } = [];

    /// <summary>Where a browser may go after signing out.</summary>
    public IList<string> PostLogoutRedirectUris { get; } = [];

    /// <summary>What its access tokens are signed by: <c>ES256</c> or <c>RS256</c>.</summary>
    public string AccessTokenSigningAlg { get; set; } = SigningAlgorithms.Default;

    /// <summary>What its ID tokens are signed by: <c>ES256</c> or <c>RS256</c>.</summary>
    public string IdTokenSignedResponseAlg { get; set; } = SigningAlgorithms.Default;

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
