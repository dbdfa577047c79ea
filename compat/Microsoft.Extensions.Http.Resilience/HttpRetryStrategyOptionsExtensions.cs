using System.Diagnostics.CodeAnalysis;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Leaves methods out of retrying.</summary>
[Experimental("EXTEXP0001")]
public static class HttpRetryStrategyOptionsExtensions
{
    /// <summary>Sends POST, PUT, PATCH, DELETE and CONNECT only once.</summary>
    public static void DisableForUnsafeHttpMethods(this HttpRetryStrategyOptions options) =>
        options.DisableFor(
            HttpMethod.Post,
            HttpMethod.Put,
            HttpMethod.Patch,
            HttpMethod.Delete,
            HttpMethod.Connect
        );

    /// <summary>Sends calls of these methods only once.</summary>
    public static void DisableFor(
        this HttpRetryStrategyOptions options,
        params HttpMethod[] methods
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var shouldHandle = options.ShouldHandle;
        options.ShouldHandle = async args =>
            (
                RequestContext.Request(args.Context) is not { } request
                || !methods.Contains(request.Method)
            ) && await shouldHandle(args);
    }
}
