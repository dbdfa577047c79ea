using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ApiSvc.ServiceDefaults.Tests;

/// <summary>A service in memory with the REST defaults and whatever endpoints a test maps.</summary>
internal sealed class RestHost : IAsyncDisposable
{
    private readonly WebApplication _service;

    private RestHost(WebApplication service, RecordedLog log)
    {
        _service = service;
        Log = log;
        Client = service.GetTestClient();
    }

    public HttpClient Client { get; }

    public RecordedLog Log { get; }

    public IServiceProvider Services => _service.Services;

    public static Dictionary<string, string?> Keys { get; } =
        new()
        {
            ["Sealing:ActiveKey"] = "k1",
            ["Sealing:Keys:k1"] = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        };

    public static async Task<RestHost> StartAsync(
        Action<WebApplication> map,
        IDictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? configure = null
    )
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Production" }
        );
        var log = new RecordedLog();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Configuration.AddInMemoryCollection(settings ?? Keys);
        builder.AddRestDefaults();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapRestDefaults();
        map(app);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new(app, log);
    }

    public async Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        await SendAsync(HttpMethod.Get, path, body: null, headers);

    public async Task<Answer> PostAsync(string path, string json) =>
        await SendAsync(HttpMethod.Post, path, json);

    public async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        string? body,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await ReadAsync(await Client.SendAsync(request));
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            return new(
                response.StatusCode,
                response.Content.Headers.ContentType?.MediaType,
                response.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value)),
                text
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _service.DisposeAsync();
    }
}

internal sealed record Answer(
    HttpStatusCode Status,
    string? MediaType,
    IReadOnlyDictionary<string, string> Headers,
    string Text
)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string Code =>
        Json.GetProperty("type")
            .GetString()!
            .Replace("https://apisvc.dev/problems/", "", StringComparison.Ordinal);

    /// <summary>Location and code of each violation.</summary>
    public string[] Violations =>
        [
            .. Json.GetProperty("errors")
                .EnumerateArray()
                .Select(e => $"{e.GetProperty("location")} {e.GetProperty("code")}"),
        ];

    public string DetailOf(string location) =>
        Json.GetProperty("errors")
            .EnumerateArray()
            .First(e => e.GetProperty("location").GetString() == location)
            .GetProperty("detail")
            .GetString()!;
}

internal sealed class RecordedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _entries = new();

    public IEnumerable<(LogLevel Level, string Text)> Entries => _entries;

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose() { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _entries.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));
}
