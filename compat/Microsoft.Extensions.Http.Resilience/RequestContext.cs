using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>The request, where the strategies' options can see it.</summary>
internal static class RequestContext
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage> Key = new(
        "Resilience.Http.Request"
    );

    public static ResilienceContext Create(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Key, request);
        return context;
    }

    public static HttpRequestMessage? Request(ResilienceContext context) =>
        context.Properties.TryGetValue(Key, out var request) ? request : null;
}
