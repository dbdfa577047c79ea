using System.Text.Json;
using System.Text.Json.Serialization;
using Aspire.Hosting.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Dashboard.Api;

/// <summary>What the pages ask for.</summary>
internal static class DashboardApi
{
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        };

    public static void MapDashboard(
        this WebApplication app,
        IDashboardSource source,
        TelemetryStore store,
        string applicationName
    )
    {
        var stopping = app
            .Services.GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStopping;
        app.MapWebFiles();
        app.MapGet(
            "/api/events",
            context => new EventStream(source, store, applicationName).RunAsync(context, stopping)
        );
        app.MapPost(
            "/api/resources/{name}/{command}",
            context => ExecuteAsync(context, source, stopping)
        );
        app.MapGet("/api/traces", context => AnswerAsync(context, store.Traces.List()));
        app.MapGet(
            "/api/traces/{id}",
            context =>
            {
                var id = (string)context.Request.RouteValues["id"]!;
                return TraceView.Of(store.Traces.Find(id), store.Logs.OfTrace(id)) is { } trace
                    ? AnswerAsync(context, trace)
                    : FailAsync(context, StatusCodes.Status404NotFound, "The trace is not kept.");
            }
        );
        app.MapGet("/api/metrics", context => AnswerAsync(context, store.Metrics.Services()));
        app.MapGet(
            "/api/metrics/{service}",
            context =>
                AnswerAsync(
                    context,
                    MetricsView.Of(
                        store.Metrics.OfService((string)context.Request.RouteValues["service"]!)
                    )
                )
        );
    }

    private static async Task ExecuteAsync(
        HttpContext context,
        IDashboardSource source,
        CancellationToken stopping
    )
    {
        var name = (string)context.Request.RouteValues["name"]!;
        var word = (string)context.Request.RouteValues["command"]!;
        var resource = source.Resources.FirstOrDefault(r => r.Name == name);
        if (
            resource is null
            || !Enum.TryParse<DashboardCommand>(word, ignoreCase: true, out var command)
            || !Enum.IsDefined(command)
        )
        {
            await FailAsync(context, StatusCodes.Status404NotFound, "There is no such command.");
            return;
        }

        if (!resource.Commands.Contains(command))
        {
            await FailAsync(
                context,
                StatusCodes.Status409Conflict,
                $"{name} cannot do that now: it is {resource.State ?? "not started"}."
            );
            return;
        }

        // A browser that leaves does not take the command back.
        var result = await source.ExecuteAsync(name, command, stopping);
        await (
            result.Error is { } error
                ? FailAsync(context, StatusCodes.Status409Conflict, error)
                : AnswerAsync(context, new { Done = true })
        );
    }

    private static Task AnswerAsync<T>(HttpContext context, T answer) =>
        context.Response.WriteAsJsonAsync(answer, Json, context.RequestAborted);

    private static Task FailAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return AnswerAsync(context, new { Error = error });
    }
}
