using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ApiSvc.Gateway.Serving;

/// <summary>
/// Span and duration of a call, by OpenTelemetry's conventions for HTTP servers: the host makes them for its own calls
/// only.
/// </summary>
internal sealed class CallTelemetry : IDisposable
{
    private static readonly string[] KnownMethods =
    [
        "GET",
        "POST",
        "PUT",
        "DELETE",
        "PATCH",
        "HEAD",
        "OPTIONS",
        "TRACE",
        "CONNECT",
    ];

    // Tags are objects: one for each status, so that telling it allocates nothing.
    private static readonly object[] Statuses =
    [
        .. Enumerable.Range(100, 500).Select(s => (object)s),
    ];

    private readonly ActivitySource _source = new("ApiSvc.Gateway");
    private readonly Meter _meter;
    private readonly Histogram<double> _duration;

    public CallTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create("ApiSvc.Gateway");
        _duration = _meter.CreateHistogram<double>(
            "http.server.request.duration",
            "s",
            "From the first byte of the request to the last of the answer."
        );
    }

    public Activity? Start(ServedExchange exchange)
    {
        exchange.Started = Stopwatch.GetTimestamp();
        if (!_source.HasListeners())
        {
            return null;
        }

        // Without a context that can be read, the trace begins here.
        _ = ActivityContext.TryParse(
            exchange.Header("traceparent"),
            exchange.Header("tracestate"),
            isRemote: true,
            out var parent
        );
        return exchange.Span = _source.StartActivity("call", ActivityKind.Server, parent);
    }

    public void Record(ServedExchange exchange)
    {
        if (!_duration.Enabled && exchange.Span is null)
        {
            return;
        }

        var method =
            Array.IndexOf(KnownMethods, exchange.MethodText) >= 0 ? exchange.MethodText : "_OTHER";
        var route = exchange.Operation?.Route ?? exchange.Api?.BasePath;
        if (_duration.Enabled)
        {
            var tags = new TagList
            {
                { "http.request.method", method },
                { "http.response.status_code", StatusOf(exchange) },
                { "url.scheme", exchange.IsSecure ? "https" : "http" },
            };
            if (route is not null)
            {
                tags.Add("http.route", route);
            }

            if (exchange.Answer?.Problem is { } problem)
            {
                tags.Add("error.type", problem.Name);
            }

            _duration.Record(Stopwatch.GetElapsedTime(exchange.Started).TotalSeconds, tags);
        }

        if (exchange.Span is { } span)
        {
            span.DisplayName = route is null ? method : $"{method} {route}";
            span.SetTag("http.request.method", method);
            span.SetTag("http.response.status_code", StatusOf(exchange));
            span.SetTag("http.route", route);
            if (exchange.Status >= 500)
            {
                span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    private static object StatusOf(ServedExchange exchange) =>
        exchange.Status is >= 100 and < 600 ? Statuses[exchange.Status - 100] : exchange.Status;

    public void Dispose()
    {
        _source.Dispose();
        _meter.Dispose();
    }
}
