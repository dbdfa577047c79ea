using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.Tokens;

/// <summary>A client that has proved itself.</summary>
internal sealed record IssuerClient(
    string Id,
    ClientKind Kind,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Audiences
);

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
            [.. options.Roles],
            options.Audiences.Count > 0 ? [.. options.Audiences] : IssuerOptions.SuiteServices
        );

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
