using System.Net;
using Polly;
using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Which outcomes of a call may be better next time.</summary>
public static class HttpClientResiliencePredicates
{
    /// <summary>No answer, no answer in time, 408, 429 or a status of 500 and above.</summary>
    public static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        outcome switch
        {
            { Exception: HttpRequestException or TimeoutRejectedException } => true,
            {
                Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
            } => true,
            { Result.StatusCode: >= HttpStatusCode.InternalServerError } => true,
            _ => false,
        };
}
