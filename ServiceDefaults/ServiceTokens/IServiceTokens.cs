namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>The tokens with which this service calls others.</summary>
public interface IServiceTokens
{
    /// <summary>A token for the service, from the cache or from the issuer.</summary>
    /// <param name="audience">The called service's name.</param>
    /// <param name="cancellationToken">Ends the waiting, not the request that others wait for too.</param>
    /// <exception cref="ServiceTokenException">The issuer gave none.</exception>
    ValueTask<string> GetAsync(string audience, CancellationToken cancellationToken);
}

/// <summary>No token could be had for a call to another service, so the call was not made.</summary>
public sealed class ServiceTokenException(string message, Exception? inner = null)
    : HttpRequestException(message, inner);
