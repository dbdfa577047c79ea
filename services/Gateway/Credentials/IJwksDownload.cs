namespace ApiSvc.Gateway.Credentials;

/// <summary>Fetches a JWK set.</summary>
internal interface IJwksDownload
{
    Task<string> GetAsync(Uri address, CancellationToken cancellationToken);
}

/// <summary>Fetches it through the guarded way out: the address is what a publisher wrote.</summary>
internal sealed class HttpJwksDownload(IHttpClientFactory clients) : IJwksDownload
{
    public const string ClientName = "ApiSvc.Gateway.Jwks";

    /// <summary>Far above any real set.</summary>
    public const int MaxBytes = 1024 * 1024;

    public async Task<string> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        client.MaxResponseContentBufferSize = MaxBytes;
        return await client.GetStringAsync(address, cancellationToken);
    }
}
