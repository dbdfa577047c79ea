using System.Collections.Frozen;
using System.Net;

namespace ApiSvc.ServiceDefaults.Egress;

/// <summary>Follows redirects by hand, so that every hop passes the guard again.</summary>
public static class EgressRedirects
{
    // Any other header may be a credential under a name of its own, such as X-Api-Key.
    private static readonly FrozenSet<string> Harmless = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "User-Agent"
    );

    /// <summary>
    /// Sends a GET or HEAD and follows redirects (RFC 9110 section 15.4). To another origin only
    /// <c>Accept</c>, <c>Accept-*</c> and <c>User-Agent</c> are sent on. The response's body is not buffered.
    /// </summary>
    /// <param name="client">A client made by <c>AddGuardedHttpClient</c>.</param>
    /// <param name="request">Has no content.</param>
    /// <param name="maxRedirects">0 to 20.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="EgressBlockedException">A hop is not allowed, leads from https to http, or is one too many.</exception>
    public static async Task<HttpResponseMessage> SendFollowingAsync(
        this HttpClient client,
        HttpRequestMessage request,
        int maxRedirects,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxRedirects, 20);
        if (
            (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
            || request.Content is not null
        )
        {
            throw new ArgumentException(
                "Only a GET or HEAD without content can be repeated elsewhere.",
                nameof(request)
            );
        }

        for (var hop = 0; ; hop++)
        {
            var response = await client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            var from = request.RequestUri!;
            var to = new Uri(from, location);
            if (hop == maxRedirects)
            {
                throw new EgressBlockedException(from.Host, EgressReason.TooManyRedirects);
            }

            if (from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp)
            {
                throw new EgressBlockedException(to.Host, EgressReason.Downgrade);
            }

            request = Next(request, to);
        }
    }

    private static HttpRequestMessage Next(HttpRequestMessage request, Uri to)
    {
        var next = new HttpRequestMessage(request.Method, to);
        var sameOrigin =
            Uri.Compare(
                request.RequestUri!,
                to,
                UriComponents.SchemeAndServer,
                UriFormat.Unescaped,
                StringComparison.OrdinalIgnoreCase
            ) == 0;
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (sameOrigin || Harmless.Contains(name))
            {
                next.Headers.TryAddWithoutValidation(name, values);
            }
        }

        // Host follows the address, and an own one would name the old origin.
        next.Headers.Host = null;
        return next;
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status
            is HttpStatusCode.MovedPermanently
                or HttpStatusCode.Found
                or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect
                or HttpStatusCode.PermanentRedirect;
}
