using System.Net;
using System.Text;
using System.Text.Json;
using ApiSvc.ServiceDefaults.Identifiers;
using Grpc.Core;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Analytics.Tests.Alerts.Hosting;

/// <summary>One who has a role in a team.</summary>
internal sealed class AlertCaller(AlertHost host, Guid team, string role)
{
    public string TeamId { get; } = new Id<TeamKind>(team).ToString();

    /// <summary>For gRPC.</summary>
    public Metadata Headers => new() { { "authorization", $"Bearer {Token()}" } };

    /// <param name="path">Under the team, or anywhere where it begins with a slash.</param>
    public async Task<AlertAnswer> SendAsync(
        string method,
        string path,
        object? body = null,
        string? etag = null,
        string? key = null
    )
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            path.StartsWith('/') ? path : $"/v1/teams/{TeamId}/{path}"
        );
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Token()}");
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", $"\"{key}\"");
        }

        if (body is not null)
        {
            request.Content = new StringContent(
                JsonSerializer.Serialize(body),
                Encoding.UTF8,
                "application/json"
            );
        }

        using var response = await host.Http.SendAsync(request);
        return new(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.ETag?.ToString(),
            response.Headers.Location?.ToString()
        );
    }

    public Task<AlertAnswer> GetAsync(string path) => SendAsync("GET", path);

    public Task<AlertAnswer> PostAsync(string path, object? body = null, string? key = null) =>
        SendAsync("POST", path, body, key: key);

    /// <summary>Makes a rule that fires when the metric is above 5 in a minute, with these changes.</summary>
    public async Task<string> MakeRuleAsync(object? changes = null)
    {
        var made = await PostAsync("alert-rules", Rules.With(changes));
        return made.ShouldBe(HttpStatusCode.Created).Id;
    }

    /// <summary>Makes a channel.</summary>
    public async Task<(string Id, string? Secret)> MakeChannelAsync(object channel)
    {
        var made = (await PostAsync("alert-channels", channel)).ShouldBe(HttpStatusCode.Created);
        return (
            made.Json.GetProperty("channel").GetProperty("id").GetString()!,
            made.Json.GetProperty("secret").GetString()
        );
    }

    /// <summary>The items of a list.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string path) =>
        [
            .. (await GetAsync(path))
                .ShouldBe(HttpStatusCode.OK)
                .Json.GetProperty("items")
                .EnumerateArray(),
        ];

    /// <summary>The states of the team's alerts.</summary>
    public async Task<string> StatesAsync() =>
        string.Join(
            ' ',
            (await ListAsync("alerts")).Select(a => a.GetProperty("state").GetString())
        );

    private string Token()
    {
        var now = host.Clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = "https://identity.example",
                Audience = "analytics",
                TokenType = "at+jwt",
                IssuedAt = now,
                NotBefore = now,
                Expires = now.AddMinutes(5),
                SigningCredentials = new SigningCredentials(AlertHost.Key, "ES256"),
                Claims = new Dictionary<string, object>
                {
                    ["sub"] = "user_1",
                    ["client_id"] = "test",
                    ["apisvc_kind"] = "user",
                    ["teams"] = new Dictionary<string, object>
                    {
                        [TeamId] = new List<string> { role },
                    },
                },
            }
        );
    }
}

/// <summary>An answer over REST.</summary>
internal sealed record AlertAnswer(
    HttpStatusCode Status,
    string Text,
    string? ETag,
    string? Location
)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string Id => Json.GetProperty("id").GetString()!;

    public IEnumerable<string> Violations =>
        Json.GetProperty("errors")
            .EnumerateArray()
            .Select(e => e.GetProperty("location").GetString()!);

    public AlertAnswer ShouldBe(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }
}
