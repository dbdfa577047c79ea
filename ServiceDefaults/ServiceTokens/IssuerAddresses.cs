using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>Finds the issuer's addresses: configured, or by discovery (OpenID Connect Discovery 1.0 section 4).</summary>
internal sealed class IssuerAddresses(IHttpClientFactory clients, IOptions<TokenOptions> options)
{
    public const string ClientName = "ApiSvc.Issuer";

    public async Task<Uri> FindJwksAsync(CancellationToken cancellationToken) =>
        options.Value.JwksUri ?? (await DiscoverAsync(cancellationToken)).JwksUri;

    public async Task<Uri> FindTokenEndpointAsync(CancellationToken cancellationToken) =>
        options.Value.TokenEndpoint ?? (await DiscoverAsync(cancellationToken)).TokenEndpoint;

    private async Task<Document> DiscoverAsync(CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        var address = new Uri(
            options.Value.Issuer.TrimEnd('/') + "/.well-known/openid-configuration"
        );
        var document = (await client.GetFromJsonAsync<Document>(address, cancellationToken))!;
        // Section 4.3: a document that speaks for another issuer is not this one's.
        return document.Issuer == options.Value.Issuer
            ? document
            : throw new HttpRequestException(
                $"The discovery document at {address} is of the issuer '{document.Issuer}'."
            );
    }

    private sealed record Document(
        [property: JsonPropertyName("issuer"), JsonRequired] string Issuer,
        [property: JsonPropertyName("jwks_uri"), JsonRequired] Uri JwksUri,
        [property: JsonPropertyName("token_endpoint"), JsonRequired] Uri TokenEndpoint
    );
}
