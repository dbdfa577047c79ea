using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ApiSvc.AiAdapter.Configuration;
using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.AiAdapter.Serving;
using ApiSvc.AiAdapter.Serving.Usage;
using ApiSvc.AiAdapter.Tests.Hosting;
using ApiSvc.Contracts.AiUsage.V1;
using ApiSvc.FakeProviders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.AiAdapter.Tests.Serving;

/// <summary>The endpoints of models over the fake providers, with a configuration that tests put and a clock that they move.</summary>
public class ServingHost : IAsyncLifetime, IAiConfigurationSource
{
    /// <summary>What the gateway that stands before the adapter here knows; the API's base path is <c>/ai</c>; at <c>/open</c> it asks for none.</summary>
    internal const string ApiKey = "ak_sandbox_of-the-tests";

    internal const string Secret = "sk-never-to-be-seen-91x";

    private static readonly HttpClient Client = new();

    private int _tag;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<string, ServedModel> _models = new();
    private WebApplication _app = null!;
    private WebApplication _providers = null!;

    internal Guid Team { get; } = Guid.CreateVersion7();

    internal Guid Application { get; } = Guid.CreateVersion7();

    internal FakeTimeProvider Time { get; } = new(new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    internal Records Records { get; } = new();

    internal RecordedLog Log { get; } = new();

    internal string Address { get; private set; } = "";

    internal string Providers { get; private set; } = "";

    AiConfiguration IAiConfigurationSource.Current =>
        new(1, new Dictionary<Guid, TeamModels> { [Team] = new(_models.ToDictionary()) });

    public virtual async ValueTask InitializeAsync()
    {
        _providers = Program(app => app.MapProviders(), _ => { });
        await _providers.StartAsync();
        Providers = _providers.Urls.Single();
        _app = Program(
            app =>
            {
                app.Use(ActAsGateway);
                app.UseRouting();
                app.MapServing();
                Map(app);
            },
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["Egress:AllowedNetworks:0"] = "127.0.0.0/8",
                        ["Callers:PublicKeys:0"] = Convert.ToBase64String(
                            _key.ExportSubjectPublicKeyInfo()
                        ),
                    }
                );
                builder.AddServing();
                Configure(builder);
                builder.Services.AddSingleton<TimeProvider>(Time);
                builder.Services.AddSingleton<IAiConfigurationSource>(this);
                builder.Services.AddSingleton<IBudgets, NoBudgets>();
                builder.Services.AddSingleton<IUsageRecorder>(Records);
                builder.Logging.AddProvider(Log).SetMinimumLevel(LogLevel.Debug);
            }
        );
        await _app.StartAsync();
        Address = _app.Urls.Single();
    }

    private protected virtual void Configure(WebApplicationBuilder builder) { }

    private protected virtual void Map(WebApplication app) { }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _app.DisposeAsync();
        await _providers.DisposeAsync();
        _key.Dispose();
    }

    /// <summary>Serves a model of deployments, the first one first.</summary>
    /// <param name="behaviours">Family and behaviour: <c>anthropic rich</c>.</param>
    internal string Put(params string[] behaviours) =>
        Put(RoutingStrategy.Priority, behaviours.Select(b => Target(b)));

    /// <summary>Serves a model's equal requests from the cache for so long.</summary>
    internal string PutCached(TimeSpan keepFor, params string[] behaviours)
    {
        var name = Put(behaviours);
        _models[name] = _models[name] with { CacheFor = keepFor };
        return name;
    }

    /// <summary>As if the settings of a model that is cached had changed.</summary>
    internal void Change(string name, params string[] behaviours)
    {
        var other = _models[Put(behaviours)];
        _models[name] = _models[name] with { Router = other.Router, Prices = other.Prices };
    }

    internal string Put(RoutingStrategy strategy, IEnumerable<Target> targets)
    {
        var name = $"model-{Guid.NewGuid():n}";
        Target[] all = [.. targets];
        _models[name] = new()
        {
            Router = new(new(name, strategy, all), new(), Time, () => 0),
            Prices = all.DistinctBy(t => t.Deployment.Name)
                .ToDictionary(t => t.Deployment.Name, _ => Prices),
        };
        return name;
    }

    internal Target Target(string behaviour, params string[] keys)
    {
        var (family, model) = behaviour.Split(' ', 2) is [var f, var m] ? (f, m) : ("", "");
        return new(
            new()
            {
                Name = behaviour,
                Provider = new()
                {
                    Name = family,
                    Family = family,
                    Address = $"{Providers}/{family}",
                    Authentication = family == "bedrock" ? new(AuthenticationKind.SigV4) : new(),
                },
                Model = model,
                KeyName = "",
                Places = new Dictionary<string, string> { ["region"] = "eu-central-1" },
            },
            [
                .. (keys.Length == 0 ? ["key-1"] : keys).Select(name => new PoolKey(
                    name,
                    family == "bedrock" ? Credential.Aws("AKIA", Secret) : Credential.Key(Secret)
                )),
            ]
        );
    }

    // Of one unit a token of the prompt, ten of the answer: costs can be read.
    private static PriceHistory Prices { get; } =
        new([
            new(
                new(2026, 1, 1),
                "USD",
                new(new() { Input = 1, Output = 10 }, []),
                new Dictionary<Hub.ServiceTier, RateCard>()
            ),
        ]);

    internal Task<Reply> CallAsync(string path, object body, params (string, string)[] headers) =>
        SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(body), headers);

    internal async Task<Reply> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        params (string Name, string Value)[] headers
    )
    {
        var id = Guid.CreateVersion7();
        using var request = Request(method, path, id, body, headers);
        using var answer = await Client.SendAsync(request);
        return new(
            answer.StatusCode,
            await answer.Content.ReadAsStringAsync(),
            answer.Headers.RetryAfter?.Delta,
            answer.Content.Headers.ContentType?.MediaType,
            Records.Find(id)
        )
        {
            Cache = answer.Headers.TryGetValues("Cache-Status", out var cache)
                ? string.Join(',', cache)
                : null,
        };
    }

    /// <summary>Serves a model that no other has, so that what its provider was told can be asked for.</summary>
    /// <param name="family">Of the provider; or one with a version, or one that is only compatible.</param>
    /// <param name="behaviour">Of the model.</param>
    /// <returns>Its name, and that at the provider.</returns>
    internal (string Model, string Upstream) PutTagged(string family, string behaviour)
    {
        var model = family == "bedrock" ? $"anthropic.claude+{behaviour}" : behaviour;
        var upstream = $"{model}+tag:{Interlocked.Increment(ref _tag)}";
        var target = Target(
            $"{(family == "compatible" ? "openai-chat" : family.Split(' ')[0])} {upstream}"
        );
        var deployment = target.Deployment with
        {
            ApiVersion = family.Split(' ') is [_, var version] ? version : null,
        };
        if (family == "compatible")
        {
            deployment = deployment with
            {
                Provider = deployment.Provider with
                {
                    Quirks = new()
                    {
                        NoDeveloperRole = true,
                        MaxTokens = true,
                        NoStrictTools = true,
                        NoDone = true,
                    },
                },
            };
        }

        return (Put(RoutingStrategy.Priority, [target with { Deployment = deployment }]), upstream);
    }

    /// <summary>Begins a call and leaves its answer to the test.</summary>
    internal async Task<(Guid Id, HttpResponseMessage Answer)> BeginAsync(string path, object body)
    {
        var id = Guid.CreateVersion7();
        using var request = Request(HttpMethod.Post, path, id, JsonSerializer.Serialize(body));
        return (id, await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    /// <summary>A token as a gateway signs it.</summary>
    internal string Token(Action<Dictionary<string, object>>? change = null, ECDsa? key = null)
    {
        var claims = new Dictionary<string, object>
        {
            ["api"] = Guid.CreateVersion7().ToString(),
            ["version"] = Guid.CreateVersion7().ToString(),
            ["api_team"] = Team.ToString(),
            ["application"] = Application.ToString(),
            ["application_team"] = Guid.CreateVersion7().ToString(),
            ["environment"] = "sandbox",
            ["credential"] = "ak_sandbox_visible1",
            ["iss"] = "apisvc-gateway",
            ["aud"] = "aiadapter",
            ["exp"] = Time.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
        };
        change?.Invoke(claims);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                TokenType = "apisvc-caller+jwt",
                SigningCredentials = new(new ECDsaSecurityKey(key ?? _key), "ES256"),
                Claims = claims,
            }
        );
    }

    // As the gateway does: takes the key away and says who calls.
    private Task ActAsGateway(HttpContext http, RequestDelegate next)
    {
        var isOpen = http.Request.Path.StartsWithSegments(
            "/open",
            StringComparison.Ordinal,
            out var rest
        );
        if (
            isOpen
            || http.Request.Path.StartsWithSegments("/ai", StringComparison.Ordinal, out rest)
        )
        {
            var headers = http.Request.Headers;
            if (
                !isOpen
                && headers["x-api-key"] != ApiKey
                && headers.Authorization != $"Bearer {ApiKey}"
            )
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            }

            if (!rest.StartsWithSegments("/mcp", StringComparison.Ordinal))
            {
                headers.Remove("x-api-key");
                headers.Remove("Authorization");
            }

            headers["x-apisvc-caller"] = Token();
            headers["x-request-id"] = Guid.CreateVersion7().ToString();
            http.Request.Path = ServingEndpoints.Prefix + rest;
        }

        return next(http);
    }

    private HttpRequestMessage Request(
        HttpMethod method,
        string path,
        Guid id,
        string? body,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(method, $"{Address}/serve/v1/{path}");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        request.Headers.Add("x-request-id", id.ToString());
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (!request.Headers.Contains("x-apisvc-caller"))
        {
            request.Headers.Add("x-apisvc-caller", Token());
        }

        return request;
    }

    private static WebApplication Program(
        Action<WebApplication> map,
        Action<WebApplicationBuilder> configure
    )
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        configure(builder);
        var app = builder.Build();
        map(app);
        return app;
    }

    private sealed class NoBudgets : IBudgets
    {
        public ValueTask<BudgetAnswer> ReserveAsync(
            AiCaller caller,
            SpendEstimate estimate,
            CancellationToken cancellationToken
        ) => new(default(BudgetAnswer));
    }
}

/// <summary>What a call came to.</summary>
internal sealed record Reply(
    HttpStatusCode Status,
    string Text,
    TimeSpan? RetryAfter,
    string? MediaType,
    AiUsage? Record
)
{
    /// <summary>The header <c>Cache-Status</c>.</summary>
    public string? Cache { get; init; }

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;
}

/// <summary>Keeps the records of calls.</summary>
internal sealed class Records : IUsageRecorder
{
    private readonly ConcurrentDictionary<Guid, List<AiUsage>> _all = new();

    public void Record(CallFacts facts)
    {
        var list = _all.GetOrAdd(facts.Caller.CallId, _ => []);
        lock (list)
        {
            list.Add(UsageRecorder.ToRecord(facts));
        }
    }

    /// <summary>The record of a call, of which there is one; null as long as there is none.</summary>
    public AiUsage? Find(Guid id)
    {
        if (!_all.TryGetValue(id, out var list))
        {
            return null;
        }

        lock (list)
        {
            return list.ShouldHaveSingleItem();
        }
    }
}
