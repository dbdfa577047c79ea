using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.ClientAuthentication;

/// <summary>The configured clients.</summary>
internal sealed class ClientRegistry(IOptions<IssuerOptions> options)
{
    private readonly Dictionary<string, RegisteredClient> _clients =
        options.Value.Clients.ToDictionary(
            c => c.Key,
            c => new RegisteredClient(
                ToClient(c.Key, c.Value),
                c.Value.Public ? null : GeneratedSecret.Hash(c.Value.Secret),
                Jwks: null
            ),
            StringComparer.Ordinal
        );

    private readonly HashSet<string> _origins = options
        .Value.Clients.Values.Where(c => c.Public)
        .SelectMany(c => c.RedirectUris)
        .Select(RedirectUri.OriginOf)
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether a public client is at home there.</summary>
    public bool IsOrigin(string origin) => _origins.Contains(origin);

    public RegisteredClient? Find(string id) => _clients.GetValueOrDefault(id);

    private static IssuerClient ToClient(string id, ClientOptions options) =>
        new(
            id,
            options.Kind,
            options.Kind == ClientKind.Service
                ? [.. options.Roles.Append(BuiltInRoles.Service)]
                : [.. options.Roles],
            options.Audiences.Count > 0 ? [.. options.Audiences] : IssuerOptions.SuiteServices
        )
        {
            Teams = options.Teams.ToDictionary(
                t => Id<TeamKind>.Parse(t.Key).ToString(),
                IReadOnlyList<string> (t) => t.Value
            ),
            Authentication = options.Public
                ? ClientAuthenticationMethods.None
                : ClientAuthenticationMethods.Secret,
            GrantTypes =
                options.GrantTypes.Count > 0 ? [.. options.GrantTypes]
                : options.Public ? []
                : [GrantTypes.ClientCredentials],
            RedirectUris = [.. options.RedirectUris],
            PostLogoutRedirectUris = [.. options.PostLogoutRedirectUris],
            AccessTokenSigningAlg = options.AccessTokenSigningAlg,
            IdTokenSignedResponseAlg = options.IdTokenSignedResponseAlg,
        };
}
