using System.Net;
using System.Text;
using System.Text.Json;

namespace ApiSvc.AiAdapter.Tests.Hosting;

/// <summary>An answer over REST.</summary>
internal sealed record Answer(HttpStatusCode Status, string? ETag, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string this[string property] => Json.GetProperty(property).ToString();

    public string Id => this["id"];

    public string[] Violations =>
        [
            .. Json.GetProperty("errors")
                .EnumerateArray()
                .Select(e => $"{e.GetProperty("location")} {e.GetProperty("code")}"),
        ];

    public Answer ShouldBe(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }

    public Answer ShouldBeRefused(HttpStatusCode status, string code)
    {
        ShouldBe(status);
        this["type"].Split('/')[^1].ShouldBe(code, Text);
        return this;
    }
}

/// <summary>One who calls the adapter.</summary>
internal sealed class Party(Uri http, string token)
{
    // Of the whole process, as it is meant to be.
    private static readonly HttpClient Client = new();

    public string Token => token;

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(
        string path,
        object? body = null,
        string? key = null,
        string? ifMatch = null
    ) =>
        SendAsync(
            HttpMethod.Post,
            path,
            body is null ? null : JsonSerializer.Serialize(body),
            ifMatch,
            key
        );

    public Task<Answer> PutAsync(string path, object body, string? ifMatch = "*") =>
        SendAsync(HttpMethod.Put, path, JsonSerializer.Serialize(body), ifMatch);

    public Task<Answer> DeleteAsync(string path, string? ifMatch = "*") =>
        SendAsync(HttpMethod.Delete, path, ifMatch: ifMatch);

    private async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        string? ifMatch = null,
        string? key = null
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(http, path));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", $"\"{key}\"");
        }

        using var response = await Client.SendAsync(request);
        return new(
            response.StatusCode,
            response.Headers.ETag?.ToString(),
            await response.Content.ReadAsStringAsync()
        );
    }
}
