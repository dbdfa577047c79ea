using System.Security.Cryptography;
using System.Text;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.Tokens;

/// <summary>A client that has proved itself.</summary>
internal sealed record IssuerClient(
    string Id,
    ClientKind Kind,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Audiences
)
{
    /// <summary>Team id → roles in that team.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Teams { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Whose client it is, if it is an application's.</summary>
    public string? Application { get; init; }

    /// <summary>The scopes it may ask for, if it is an application's.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Tokens from before are refused.</summary>
    public DateTime? TokensNotBefore { get; init; }
}

/// <summary>The configured clients.</summary>
internal sealed class ClientRegistry(IOptions<IssuerOptions> options)
{
    // What an unknown client's secret is compared with: it takes as long as a known one's, and is never right.
    private static readonly byte[] Nobody = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    private readonly Dictionary<string, (IssuerClient Client, byte[] Hash)> _clients =
        options.Value.Clients.ToDictionary(
            c => c.Key,
            c => (ToClient(c.Key, c.Value), Hash(c.Value.Secret)),
            StringComparer.Ordinal
        );

    public bool Contains(string id) => _clients.ContainsKey(id);

    /// <returns>Null if there is no such client or the secret is not its.</returns>
    public IssuerClient? Authenticate(string id, string secret)
    {
        var isKnown = _clients.TryGetValue(id, out var entry);
        var isRight = CryptographicOperations.FixedTimeEquals(
            Hash(secret),
            isKnown ? entry.Hash : Nobody
        );
        return isKnown && isRight ? entry.Client : null;
    }

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
        };

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
