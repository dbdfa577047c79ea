using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>The OpenID Connect providers that people may sign in with; section <c>ExternalSignIn</c>.</summary>
internal sealed partial class ExternalSignInOptions : IValidatableObject
{
    public const string Section = "ExternalSignIn";

    /// <summary>Id (as in addresses: a-z, 0-9 and hyphens) → provider.</summary>
    public IDictionary<string, ProviderOptions> Providers { get; } =
        new Dictionary<string, ProviderOptions>(StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (id, provider) in Providers)
        {
            foreach (var (key, reason) in FaultsOf(id, provider))
            {
                yield return new(reason, [$"{nameof(Providers)}:{id}{key}"]);
            }
        }
    }

    private static IEnumerable<(string Key, string Reason)> FaultsOf(
        string id,
        ProviderOptions provider
    )
    {
        if (!IdForm().IsMatch(id))
        {
            yield return ("", "A provider's id is 1 to 40 of a-z, 0-9 and hyphens.");
        }

        if (!ProviderAddress.IsAcceptable(provider.Issuer))
        {
            yield return (
                $":{nameof(provider.Issuer)}",
                "Must be the issuer's https address, without query and fragment."
            );
        }

        if (provider.ClientId.Length == 0)
        {
            yield return (
                $":{nameof(provider.ClientId)}",
                "Must be given: as the provider registered this platform."
            );
        }

        if (provider.Algorithms.Except(ProviderOptions.AllAlgorithms).Any())
        {
            yield return (
                $":{nameof(provider.Algorithms)}",
                $"Must be of: {string.Join(", ", ProviderOptions.AllAlgorithms)}."
            );
        }

        foreach (var (index, rule) in provider.Roles.Index())
        {
            if (rule.Fault is { } fault)
            {
                yield return ($":{nameof(provider.Roles)}:{index}", fault);
            }
        }
    }

    [GeneratedRegex("^[a-z0-9-]{1,40}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdForm();
}

/// <summary>A provider.</summary>
internal sealed class ProviderOptions
{
    /// <summary>Signatures of public keys alone: no provider signs with the client's secret here.</summary>
    public static IReadOnlyList<string> AllAlgorithms { get; } =
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>What people call it; its id unless given.</summary>
    public string? Name { get; set; }

    /// <summary>Exactly as it calls itself in its discovery document.</summary>
    public string Issuer { get; set; } = "";

    public string ClientId { get; set; } = "";

    /// <summary>None for a client without a secret.</summary>
    [Secret]
    public string? ClientSecret { get; set; }

    /// <summary>Beside <c>openid</c>, which is always asked for.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>What ID tokens may be signed with; RS256, PS256 and ES256 unless set.</summary>
    public IList<string> Algorithms { get; } = [];

    /// <summary>Whether whoever the provider knows becomes a user here.</summary>
    public bool CreateUsers { get; set; }

    /// <summary>
    /// Whether a user of this platform is who the provider says has the same, verified, e-mail address. Only for a provider that
    /// nobody can register at with another's address.
    /// </summary>
    public bool TrustEmail { get; set; }

    /// <summary>Claim → role. The roles named here are given and taken at each sign-in, the others left alone.</summary>
    public IList<RoleRule> Roles { get; } = [];
}

/// <summary>Who has a claim with a value has a role: on the platform, or in a team.</summary>
internal sealed class RoleRule
{
    /// <summary>Such as <c>groups</c>; a list has the value if one of its items is it.</summary>
    public string Claim { get; set; } = "";

    public string Value { get; set; } = "";

    /// <summary>Such as <c>operator</c>, or with a team <c>publisher</c>.</summary>
    public string Role { get; set; } = "";

    /// <summary>The team's slug; none for a role on the platform.</summary>
    public string? Team { get; set; }

    public string? Fault
    {
        get
        {
            var reach = Team is null ? RoleReach.Platform : RoleReach.Team;
            var roles = BuiltInRoles.All.Where(r => r.Reach == reach).Select(r => r.Name).ToList();
            return (Claim.Length, Value.Length) switch
            {
                (0, _) or (_, 0) => "Must have a claim and its value.",
                _ when Team is { } team
                        && !Regex.IsMatch(
                            team,
                            Words.Slug,
                            RegexOptions.None,
                            TimeSpan.FromSeconds(1)
                        ) => "The team is given by its slug.",
                // Roles of an installation's own are known only once the database is there.
                _ when !roles.Contains(Role)
                        && !Regex.IsMatch(
                            Role,
                            Words.Slug,
                            RegexOptions.None,
                            TimeSpan.FromSeconds(1)
                        ) => $"Must be a role such as: {string.Join(", ", roles)}.",
                _ => null,
            };
        }
    }
}
