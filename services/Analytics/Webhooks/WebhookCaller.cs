using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using ApiSvc.ServiceDefaults.Egress;

namespace ApiSvc.Analytics.Webhooks;

/// <summary>Posts JSON to addresses that users chose: through the guard, without following redirects, for a limited time.</summary>
internal sealed class WebhookCaller(IHttpClientFactory clients)
{
    public const string Client = "webhooks";

    private const int LongestAnswer = 1024;
    private const int LongestText = 500;

    public async Task<WebhookAnswer> PostAsync(
        Uri url,
        byte[] body,
        IEnumerable<(string Name, string Value)> headers,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ApiSvc", productVersion: null));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using var response = await clients
                .CreateClient(Client)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var text = await ReadStartAsync(response, limit.Token);
            return new(
                response.StatusCode,
                Clean($"{(int)response.StatusCode} {text}"),
                response.Headers.RetryAfter?.Delta
            );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(
                null,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"No answer within {timeout.TotalSeconds:0.###} s."
                ),
                null
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return new(null, Clean(e is EgressBlockedException ? e.Message : Reason(e)), null);
        }
    }

    // Known words only: the messages of exceptions may hold addresses of the inside.
    private static string Reason(Exception e) =>
        e is HttpRequestException { HttpRequestError: var error }
            ? error switch
            {
                HttpRequestError.NameResolutionError => "The host's name is unknown.",
                HttpRequestError.SecureConnectionError =>
                    "No secure connection: its certificate is not trusted, or TLS failed.",
                HttpRequestError.ConnectionError => "It does not accept connections.",
                _ => "The connection broke, or the answer was no HTTP.",
            }
            : "The connection broke.";

    private static async Task<string> ReadStartAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    )
    {
        var start = new byte[LongestAnswer];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var count = await stream.ReadAtLeastAsync(
            start,
            start.Length,
            throwOnEndOfStream: false,
            cancellationToken
        );
        return Encoding.UTF8.GetString(start, 0, count);
    }

    private static string Clean(string text)
    {
        var clean = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return clean.Length <= LongestText ? clean : clean[..LongestText] + "…";
    }
}
