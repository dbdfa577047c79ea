using System.Collections.Concurrent;
using ApiSvc.ServiceDefaults.Egress;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>The configured providers, with their discovery documents and keys, which are read anew from time to time.</summary>
internal sealed class ProviderDirectory(
    IOptions<ExternalSignInOptions> options,
    IOptions<TokenOptions> tokens,
    IHttpClientFactory clients,
    TimeProvider time
)
{
    /// <summary>The guarded HTTP client.</summary>
    public const string Client = "external-sign-in";

    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    // Tokens with unknown keys must not make a flood of requests.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, ProviderState> _states = [];

    /// <returns>Null if none is configured under the id.</returns>
    /// <exception cref="ProviderException">It cannot be read.</exception>
    public async Task<Provider?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!options.Value.Providers.TryGetValue(id, out var provider))
        {
            return null;
        }

        var state = await ReadAsync(id, provider, Fresh, cancellationToken);
        return new(
            id,
            provider,
            state.Metadata,
            $"{tokens.Value.Issuer.TrimEnd('/')}{ExternalEndpoints.CallbackPathOf(id)}"
        );
    }

    /// <summary>The provider's keys; read again if the one that is asked for is not among them.</summary>
    /// <exception cref="ProviderException">They cannot be read.</exception>
    public async Task<IReadOnlyList<SecurityKey>> KeysAsync(
        Provider provider,
        string? keyId,
        CancellationToken cancellationToken
    )
    {
        var state = await ReadAsync(provider.Id, provider.Options, Fresh, cancellationToken);
        return keyId is null || state.Keys.Any(k => k.KeyId == keyId)
            ? state.Keys
            : (
                await ReadAsync(provider.Id, provider.Options, ShortestPause, cancellationToken)
            ).Keys;
    }

    private async Task<ProviderState> ReadAsync(
        string id,
        ProviderOptions provider,
        TimeSpan age,
        CancellationToken cancellationToken
    )
    {
        if (_states.TryGetValue(id, out var known) && time.GetUtcNow() - known.At < age)
        {
            return known;
        }

        try
        {
            using var http = clients.CreateClient(Client);
            // Section 4.1: behind the issuer's path, a slash at its end taken away.
            var (metadata, fault) = ProviderMetadata.Read(
                await http.GetStringAsync(
                    $"{provider.Issuer.TrimEnd('/')}/.well-known/openid-configuration",
                    cancellationToken
                ),
                provider.Issuer
            );
            if (metadata is null)
            {
                throw new ProviderException(fault!);
            }

            var keys = new JsonWebKeySet(
                await http.GetStringAsync(metadata.JwksUri, cancellationToken)
            );
            return _states[id] = new(metadata, [.. keys.GetSigningKeys()], time.GetUtcNow());
        }
        catch (Exception e)
            when (e is HttpRequestException or EgressBlockedException or ArgumentException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            // What was known is better than nothing, however old.
            return known
                ?? throw new ProviderException(
                    $"The provider '{id}' cannot be read: {e.Message}",
                    e
                );
        }
    }
}
