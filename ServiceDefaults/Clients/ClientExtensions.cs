using Microsoft.Extensions.Http.Resilience;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>How the suite's HTTP clients call.</summary>
public static class ClientExtensions
{
    /// <summary>
    /// Gives every <see cref="HttpClient"/> of the factory service discovery, and limits, timeouts, retries and a
    /// breaker for each called service. Only safe methods are repeated: a lost answer does not mean that a POST did
    /// nothing.
    /// </summary>
    public static IServiceCollection AddClientDefaults(this IServiceCollection services) =>
        services.ConfigureHttpClientDefaults(client =>
        {
#pragma warning disable EXTEXP0001 // Marked as experimental by its package; without it every POST would be repeated.
            client
                .AddStandardResilienceHandler(options =>
                    options.Retry.DisableForUnsafeHttpMethods()
                )
                .SelectPipelineByAuthority();
#pragma warning restore EXTEXP0001
            client.AddServiceDiscovery();
        });

    /// <summary>
    /// Takes the defaults' timeouts and retries from a client, and leaves service discovery: for streams, which say
    /// nothing for longer than any timeout, and for callers that repeat by a plan of their own. Comes first on the
    /// builder.
    /// </summary>
    internal static IHttpClientBuilder WithDiscoveryOnly(this IHttpClientBuilder builder) =>
        builder
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear())
            .AddServiceDiscovery();
}
