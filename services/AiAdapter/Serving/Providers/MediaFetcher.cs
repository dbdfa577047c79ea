using ApiSvc.AiAdapter.Hub;
using ApiSvc.ServiceDefaults.Egress;
using Microsoft.Extensions.Options;

namespace ApiSvc.AiAdapter.Serving.Providers;

/// <summary>Fetches images and documents that clients gave by address, for providers that take none so.</summary>
internal sealed class MediaFetcher(IHttpClientFactory clients, IOptions<ServingOptions> options)
{
    public const string Client = "media";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>What is at the addresses, or why it cannot be used: the client's mistake, told with the address it gave.</summary>
    public async Task<(
        IReadOnlyDictionary<string, Media.Inline> Media,
        Failure? Failure
    )> FetchAsync(IReadOnlyList<string> links, CancellationToken cancellationToken)
    {
        var fetched = new Dictionary<string, Media.Inline>(StringComparer.Ordinal);
        foreach (var link in links)
        {
            try
            {
                fetched[link] = await FetchAsync(link, cancellationToken);
            }
            catch (Exception failed)
                when (failed is HttpRequestException or EgressBlockedException or IOException
                    || (
                        failed is OperationCanceledException
                        && !cancellationToken.IsCancellationRequested
                    )
                )
            {
                return (fetched, Unusable(link, failed));
            }
        }

        return (fetched, null);
    }

    private async Task<Media.Inline> FetchAsync(string link, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(link, UriKind.Absolute, out var address))
        {
            throw new HttpRequestException("It is no absolute address.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var http = clients.CreateClient(Client);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var answer = await http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            limit.Token
        );
        answer.EnsureSuccessStatusCode();
        var type = answer.Content.Headers.ContentType?.MediaType ?? "";
        if (!type.StartsWith("image/", StringComparison.Ordinal) && type != "application/pdf")
        {
            throw new HttpRequestException($"There is '{type}', neither an image nor a PDF.");
        }

        await using var body = await answer.Content.ReadAsStreamAsync(limit.Token);
        var bytes = await Bounded.ReadAsync(body, options.Value.MaxMediaBytes, limit.Token);
        return bytes is null
            ? throw new HttpRequestException(
                $"It is larger than {options.Value.MaxMediaBytes} bytes."
            )
            : new(type, Convert.ToBase64String(bytes));
    }

    private static Failure Unusable(string link, Exception failed) =>
        new(
            FailureKind.InvalidRequest,
            failed is OperationCanceledException
                ? $"{link} could not be fetched within {Limit.TotalSeconds} seconds."
                : $"{link} could not be fetched: {failed.Message}"
        );
}
