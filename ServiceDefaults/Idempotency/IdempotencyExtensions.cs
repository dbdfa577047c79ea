using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Builder;

namespace ApiSvc.ServiceDefaults.Idempotency;

/// <summary>Makes operations safe to repeat.</summary>
public static class IdempotencyExtensions
{
    /// <summary>
    /// The endpoint takes an <c>Idempotency-Key</c>: a repeat of the same request gets the first answer, marked
    /// <c>Idempotency-Replayed: true</c>, and changes nothing. The handler does its changes in the scoped
    /// <see cref="Data.UnitOfWork"/>, calls its <c>CommitAsync</c> and returns the answer; both are then committed in
    /// one transaction, before the answer is sent. Answers other than 2xx are not kept, and neither are answers of
    /// handlers that did not commit. From anonymous callers the header has no effect.
    /// </summary>
    /// <remarks>
    /// Failures: 400 for a malformed key, 409 with <c>Retry-After</c> while the first request is under way, 422 for a
    /// key that was used for another request.
    /// </remarks>
    /// <param name="builder">An endpoint, or a group of endpoints, with the method POST.</param>
    public static TBuilder WithIdempotency<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            var handler =
                endpoint.RequestDelegate
                ?? throw new InvalidOperationException("WithIdempotency comes after the handler.");
            endpoint.Metadata.Add(
                new RequestParameter(
                    RequestParameterPlace.Header,
                    IdempotencyKey.Header,
                    typeof(string)
                )
                {
                    Description = "A repeat with the same key gets the first answer.",
                }
            );
            endpoint.RequestDelegate = IdempotencyFilter.Around(handler);
        });
        return builder;
    }
}
