using System.Text.Json;
using System.Threading.Channels;
using Aspire.Hosting.Dashboard.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Api;

/// <summary>
/// One stream for all that an open page shows (server-sent events): resources when they change, a note when telemetry
/// came, and the log lines of one resource if it asks for them. One, because a browser opens only six connections to
/// a host over HTTP/1.1, for all its tabs together.
/// </summary>
internal sealed class EventStream(
    IDashboardSource source,
    TelemetryStore store,
    string applicationName
)
{
    // Whoever watches is told at most this often; what came in between is told together.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private const int MaxLinesAtOnce = 500;

    // A slow browser holds up nobody: lines wait at their source, which is bounded.
    private readonly Channel<LogLineView> _lines = Channel.CreateBounded<LogLineView>(
        2 * MaxLinesAtOnce
    );
    private int _changes = 1;

    public async Task RunAsync(HttpContext context, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            stopping
        );
        var log = context.Request.Query["log"].ToString();
        context.Response.ContentType = "text/event-stream";
        var resources = WatchResourcesAsync(ends.Token);
        var lines = log.Length > 0 ? WatchLinesAsync(log, ends.Token) : Task.CompletedTask;
        try
        {
            await WriteAsync(context.Response, [resources, lines], ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The page was closed, or the dashboard stops.
        }
        finally
        {
            await ends.CancelAsync();
            await Task.WhenAll(resources, lines);
        }
    }

    private async Task WriteAsync(
        HttpResponse response,
        Task[] watchers,
        CancellationToken cancellationToken
    )
    {
        long told = -1;
        using var timer = new PeriodicTimer(Pause);
        do
        {
            // A source that fails ends the stream; the page says so and asks again.
            await Task.WhenAll(watchers.Where(w => w.IsFaulted));
            if (Interlocked.Exchange(ref _changes, 0) > 0)
            {
                await SendAsync(
                    response,
                    "resources",
                    new
                    {
                        Application = applicationName,
                        Resources = source.Resources.Select(ResourceView.WithoutSecrets),
                    },
                    cancellationToken
                );
            }

            if (store.Version is var version && version != told)
            {
                told = version;
                await SendAsync(response, "telemetry", version, cancellationToken);
            }

            while (TakeLines() is { Count: > 0 } lines)
            {
                await SendAsync(response, "lines", lines, cancellationToken);
            }

            await response.Body.FlushAsync(cancellationToken);
        } while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private List<LogLineView> TakeLines()
    {
        var lines = new List<LogLineView>();
        while (lines.Count < MaxLinesAtOnce && _lines.Reader.TryRead(out var line))
        {
            lines.Add(line);
        }

        return lines;
    }

    private async Task WatchResourcesAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in source.WatchAsync(cancellationToken))
            {
                Interlocked.Exchange(ref _changes, 1);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody watches any more.
        }
    }

    private async Task WatchLinesAsync(string resource, CancellationToken cancellationToken)
    {
        try
        {
            var reader = new LogLineReader();
            await foreach (var line in source.WatchLogsAsync(resource, cancellationToken))
            {
                await _lines.Writer.WriteAsync(reader.Read(line), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody watches any more.
        }
    }

    private static async Task SendAsync<T>(
        HttpResponse response,
        string name,
        T data,
        CancellationToken cancellationToken
    ) =>
        await response.WriteAsync(
            $"event: {name}\ndata: {JsonSerializer.Serialize(data, DashboardApi.Json)}\n\n",
            cancellationToken
        );
}
