using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ApiSvc.Identity.Applications;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Identifiers;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Identity.Tests;

/// <summary>An answer, read.</summary>
internal sealed record Answer(
    HttpStatusCode Status,
    JsonElement Body,
    string Text,
    string? ETag,
    Uri? Location
)
{
    public string Id => this["id"];

    public string this[string name] => Body.GetProperty(name).GetString()!;

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return new(
            response.StatusCode,
            text.Length == 0 ? default : JsonDocument.Parse(text).RootElement,
            text,
            response.Headers.ETag?.ToString(),
            response.Headers.Location
        );
    }

    /// <summary>Refused as RFC 6749 section 5.2 has it.</summary>
    public void ShouldRefuse(string error, HttpStatusCode status = HttpStatusCode.BadRequest) =>
        ShouldBe(status)["error"].ShouldBe(error);

    public Answer ShouldBe(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }
}

/// <summary>Calls Identity's management API with one token.</summary>
internal sealed class ApiCaller(HttpClient http, string token)
{
    public string Token => token;

    public Metadata Headers => new() { { "authorization", $"Bearer {Token}" } };

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, object? body = null, string? key = null) =>
        SendAsync(HttpMethod.Post, path, body, key: key);

    public Task<Answer> PutAsync(string path, object body, string? etag = null) =>
        SendAsync(HttpMethod.Put, path, body, etag);

    public Task<Answer> DeleteAsync(string path, string? etag = null) =>
        SendAsync(HttpMethod.Delete, path, etag: etag);

    public async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        object? body = null,
        string? etag = null,
        string? key = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
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
                body as string ?? JsonSerializer.Serialize(body),
                Encoding.UTF8,
                "application/json"
            );
        }

        using var response = await http.SendAsync(request);
        return await Answer.OfAsync(response);
    }
}

/// <summary>Scenes of tests: callers, teams, applications.</summary>
internal static class Callers
{
    private static readonly UuidGenerator Ids = new(TimeProvider.System);

    public static Task<ApiCaller> AdminAsync(this IdentityHost host) =>
        host.CallerAsync("admin", IdentityHost.Secret);

    public static async Task<ApiCaller> CallerAsync(
        this IdentityHost host,
        string client,
        string secret
    ) => new(host.Http, await host.TokenAsync(client, secret, ("audience", "identity")));

    public static async Task<string> TokenAsync(
        this IdentityHost host,
        string client,
        string secret,
        params (string, string)[] form
    )
    {
        using var response = await host.AskAsync(
            IdentityHost.Basic(client, secret),
            [("grant_type", "client_credentials"), .. form]
        );
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>Ends an access token (RFC 7009), as the client proves itself.</summary>
    public static async Task RevokeAsync(
        this IdentityHost host,
        string client,
        string secret,
        string token
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, RevocationEndpoint.Path)
        {
            Headers = { Authorization = IdentityHost.Basic(client, secret) },
            Content = new FormUrlEncodedContent([KeyValuePair.Create("token", token)]),
        };
        using var response = await host.Http.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public static async Task<string> CreateTeamAsync(this ApiCaller admin, string slug)
    {
        var team = await admin.PostAsync("/v1/teams", new { slug, name = $"Team {slug}" });
        return team.ShouldBe(HttpStatusCode.Created).Id;
    }

    /// <summary>A caller with roles in a team, by a client of the team.</summary>
    public static async Task<ApiCaller> MemberAsync(
        this IdentityHost host,
        ApiCaller admin,
        string team,
        params string[] roles
    )
    {
        var made = await admin.PostAsync($"/v1/teams/{team}/clients", new { name = "test", roles });
        made.ShouldBe(HttpStatusCode.Created);
        return await host.CallerAsync(
            made.Body.GetProperty("client").GetProperty("clientId").GetString()!,
            made["clientSecret"]
        );
    }

    /// <summary>A key of an application: its id, and the whole key.</summary>
    public static async Task<(string Id, string Secret)> CreateKeyAsync(
        this ApiCaller caller,
        string application
    )
    {
        var made = await caller.PostAsync(
            $"/v1/applications/{application}/api-keys",
            new { environment = "sandbox", name = "key" }
        );
        made.ShouldBe(HttpStatusCode.Created);
        return (made.Body.GetProperty("apiKey").GetProperty("id").GetString()!, made["secret"]);
    }

    /// <summary>An OAuth client of an application: its id, and its secret.</summary>
    public static async Task<(string Id, string Secret)> CreateClientAsync(
        this ApiCaller caller,
        string application,
        params string[] scopes
    )
    {
        var made = await caller.PostAsync(
            $"/v1/applications/{application}/oauth-clients",
            new
            {
                environment = "sandbox",
                name = "client",
                scopes,
            }
        );
        made.ShouldBe(HttpStatusCode.Created);
        return (
            made.Body.GetProperty("client").GetProperty("clientId").GetString()!,
            made["clientSecret"]
        );
    }

    /// <summary>Takes in that the application is deleted, as the catalog tells it.</summary>
    public static async Task DeleteApplicationAsync(
        this IdentityHost host,
        string application,
        string team
    )
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<ApplicationEvents>()
            .TakeAsync(
                new()
                {
                    Application = new() { Id = application, TeamId = team },
                    Deleted = true,
                },
                CancellationToken.None
            );
    }

    /// <summary>An application of the team, known to the catalog.</summary>
    public static string AddApplication(this IdentityHost host, string team)
    {
        var id = Ids.Next<ApplicationKind>().ToString();
        host.Catalog.Add(id, team);
        return id;
    }
}
