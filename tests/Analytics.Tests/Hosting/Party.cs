using System.Net;
using System.Text;
using System.Text.Json;
using Grpc.Core;

namespace ApiSvc.Analytics.Tests.Hosting;

/// <summary>One who asks.</summary>
internal sealed class Party(AnalyticsHost host, string token)
{
    // Of the whole process, as it is meant to be.
    private static readonly HttpClient Client = new();

    /// <summary>For gRPC.</summary>
    public Metadata Headers => new() { { "authorization", $"Bearer {token}" } };

    public async Task<Answer> GetAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<Answer> PostAsync(string path, object body)
    {
        using var content = new StringContent(
            JsonSerializer.Serialize(body),
            Encoding.UTF8,
            "application/json"
        );
        using var response = await SendAsync(HttpMethod.Post, path, content);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The answer as soon as its head is there.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content = null
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(host.Http, path))
        {
            Content = content,
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}

/// <summary>An answer over REST.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

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
}
