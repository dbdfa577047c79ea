using System.Net;
using System.Security.Cryptography;
using ApiSvc.Identity.Rules;

namespace ApiSvc.Identity.ClientAuthentication;

/// <summary>Finds out whether clients are who they say.</summary>
internal sealed partial class ClientAuthenticator(
    ClientDirectory clients,
    ClientAssertions assertions,
    ILogger<ClientAuthenticator> logger
)
{
    // What an unknown client's secret is compared with: it takes as long as a known one's, and is never right.
    private static readonly byte[] Nobody = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    /// <returns>Null if there is no such client, it is revoked, or it did not prove itself in the way it is registered for.</returns>
    /// <exception cref="ServiceDefaults.Problems.ApiProblemException">503: the client may be in the database, which is away.</exception>
    public async Task<IssuerClient?> AuthenticateAsync(
        ClientProof proof,
        IPAddress? address,
        CancellationToken cancellationToken
    )
    {
        var found = await clients.FindAsync(proof.ClientId, cancellationToken);
        if (await IsProvedAsync(proof, found, cancellationToken))
        {
            return found!.Client;
        }

        Log.NotAuthenticated(logger, proof.ClientId, address);
        return null;
    }

    private async Task<bool> IsProvedAsync(
        ClientProof proof,
        RegisteredClient? found,
        CancellationToken cancellationToken
    )
    {
        switch (found?.Client.Authentication)
        {
            case ClientAuthenticationMethods.PrivateKeyJwt:
                return proof is { Assertion: { } assertion, Secret: null }
                    && await assertions.TakeAsync(assertion, found, cancellationToken);
            case ClientAuthenticationMethods.None:
                return proof is { Assertion: null, Secret: null };
            default:
                var isRight = CryptographicOperations.FixedTimeEquals(
                    GeneratedSecret.Hash(proof.Secret ?? ""),
                    found?.SecretHash ?? Nobody
                );
                return isRight && proof is { Secret: not null, Assertion: null };
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Client '{Client}' at {Address} did not prove itself")]
        public static partial void NotAuthenticated(
            ILogger logger,
            string client,
            IPAddress? address
        );
    }
}
