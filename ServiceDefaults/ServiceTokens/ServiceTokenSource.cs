using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>
/// Gets tokens by client credentials (RFC 6749 section 4.4), one request at a time per audience however many calls
/// wait, and keeps each until a minute before it expires.
/// </summary>
internal sealed partial class ServiceTokenSource(
    IHttpClientFactory clients,
    IssuerAddresses addresses,
    IOptions<TokenOptions> options,
    TimeProvider time,
    ILogger<ServiceTokenSource> logger
) : IServiceTokens
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan[] Retries =
    [
        TimeSpan.FromMilliseconds(200),
        TimeSpan.FromSeconds(1),
    ];

    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    public async ValueTask<string> GetAsync(string audience, CancellationToken cancellationToken)
    {
        var slot = _slots.GetOrAdd(audience, _ => new Slot());
        Task<Token> request;
        lock (slot)
        {
            if (slot.Token is { } token && time.GetUtcNow() < token.Expires - Margin)
            {
                return token.Value;
            }

            if (slot.Request is null or { IsCompleted: true })
            {
                slot.Request = Task.Run(() => RenewAsync(audience, slot), CancellationToken.None);
            }

            request = slot.Request;
        }

        return (await request.WaitAsync(cancellationToken)).Value;
    }

    private async Task<Token> RenewAsync(string audience, Slot slot)
    {
        try
        {
            var token = await RequestAsync(audience);
            lock (slot)
            {
                slot.Token = token;
            }

            return token;
        }
        catch (ServiceTokenException e)
            when (slot.Token is { } old && time.GetUtcNow() < old.Expires)
        {
            // The old one is good for up to a minute more, in which the issuer may come back.
            Log.KeepsOld(logger, e, audience);
            return old;
        }
    }

    private async Task<Token> RequestAsync(string audience)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
                return await RequestOnceAsync(audience, limit.Token);
            }
            catch (Exception e)
                when (e is not ServiceTokenException
                    && e is HttpRequestException or OperationCanceledException or JsonException
                )
            {
                if (attempt == Retries.Length)
                {
                    throw new ServiceTokenException(
                        $"No token for '{audience}': the issuer {options.Value.Issuer} does not answer.",
                        e
                    );
                }
            }

            await Task.Delay(Retries[attempt], time);
        }
    }

    private async Task<Token> RequestOnceAsync(string audience, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(IssuerAddresses.ClientName);
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            await addresses.FindTokenEndpointAsync(cancellationToken)
        )
        {
            Headers = { Authorization = Credentials() },
            Content = new FormUrlEncodedContent([
                KeyValuePair.Create("grant_type", "client_credentials"),
                KeyValuePair.Create("audience", audience),
            ]),
        };
        var asked = time.GetUtcNow();
        using var response = await client.SendAsync(request, cancellationToken);
        if (
            (int)response.StatusCode is >= 400 and < 500 and not (int)HttpStatusCode.TooManyRequests
        )
        {
            // The issuer's decision: repeating changes nothing.
            var error = await response.Content.ReadFromJsonAsync<ErrorAnswer>(cancellationToken);
            throw new ServiceTokenException(
                $"No token for '{audience}': the issuer {options.Value.Issuer} says '{error?.Error}' to client '{options.Value.ClientId}'."
            );
        }

        response.EnsureSuccessStatusCode();
        var answer = (await response.Content.ReadFromJsonAsync<TokenAnswer>(cancellationToken))!;
        return new Token(answer.AccessToken, asked.AddSeconds(answer.ExpiresIn));
    }

    // RFC 6749 section 2.3.1: form-encoded, then Basic.
    private AuthenticationHeaderValue Credentials() =>
        new(
            "Basic",
            Convert.ToBase64String(
                Encoding.UTF8.GetBytes(
                    $"{Uri.EscapeDataString(options.Value.ClientId!)}:{Uri.EscapeDataString(options.Value.ClientSecret!)}"
                )
            )
        );

    private sealed class Slot
    {
        public Token? Token { get; set; }

        public Task<Token>? Request { get; set; }
    }

    private sealed record Token(string Value, DateTimeOffset Expires);

    private sealed record TokenAnswer(
        [property: JsonPropertyName("access_token"), JsonRequired] string AccessToken,
        [property: JsonPropertyName("expires_in"), JsonRequired] long ExpiresIn
    );

    private sealed record ErrorAnswer([property: JsonPropertyName("error")] string? Error);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "No new token for {Audience}; the old one is used until it expires"
        )]
        public static partial void KeepsOld(ILogger logger, Exception exception, string audience);
    }
}
