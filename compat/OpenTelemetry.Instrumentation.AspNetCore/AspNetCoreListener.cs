using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>
/// Fills the spans that ASP.NET Core starts: it tells of each call through a diagnostic listener, whose payload at start
/// and stop is the <see cref="HttpContext"/>.
/// </summary>
internal sealed class AspNetCoreListener
    : IObserver<DiagnosticListener>,
        IObserver<KeyValuePair<string, object?>>,
        IDisposable
{
    private const string Start = "Microsoft.AspNetCore.Hosting.HttpRequestIn.Start";
    private const string Stop = "Microsoft.AspNetCore.Hosting.HttpRequestIn.Stop";
    private const string Unhandled = "Microsoft.AspNetCore.Hosting.UnhandledException";
    private const string Handled = "Microsoft.AspNetCore.Diagnostics.HandledException";
    private const string DeveloperPage = "Microsoft.AspNetCore.Diagnostics.UnhandledException";

    private readonly AspNetCoreTraceInstrumentationOptions _options;
    private readonly List<IDisposable> _subscriptions = [];

    public AspNetCoreListener(AspNetCoreTraceInstrumentationOptions options)
    {
        _options = options;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.AspNetCore")
        {
            // ASP.NET Core asks for the event without its ending too.
            _subscriptions.Add(
                value.Subscribe(
                    this,
                    name =>
                        name is Start or Stop or Unhandled or Handled or DeveloperPage
                        || name == "Microsoft.AspNetCore.Hosting.HttpRequestIn"
                )
            );
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        switch (value.Key)
        {
            case Start when value.Value is HttpContext context && Activity.Current is { } span:
                Started(span, context);
                break;
            case Stop
                when value.Value is HttpContext context
                    && Activity.Current is { IsAllDataRequested: true } span:
                ServerSpan.End(span, context);
                Enrich(span, () => _options.EnrichWithHttpResponse?.Invoke(span, context.Response));
                break;
            case Unhandled
            or Handled
            or DeveloperPage
                when Exception(value.Value) is { } exception && SpanOfCall() is { } span:
                Failed(span, exception);
                break;
        }
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private void Started(Activity span, HttpContext context)
    {
        if (!IsWanted(context))
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        if (span.IsAllDataRequested)
        {
            ServerSpan.Begin(span, context.Request);
            Enrich(span, () => _options.EnrichWithHttpRequest?.Invoke(span, context.Request));
        }
    }

    private bool IsWanted(HttpContext context)
    {
        try
        {
            return _options.Filter?.Invoke(context) ?? true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private void Failed(Activity span, Exception exception)
    {
        ServerSpan.Fail(span, exception);
        if (_options.RecordException)
        {
            span.AddException(exception);
        }

        Enrich(span, () => _options.EnrichWithException?.Invoke(span, exception));
    }

    /// <summary>The exception may be told of inside a span of the application's own.</summary>
    private static Activity? SpanOfCall()
    {
        var span = Activity.Current;
        while (span is not null && span.Source.Name != "Microsoft.AspNetCore")
        {
            span = span.Parent;
        }

        return span is { IsAllDataRequested: true } ? span : null;
    }

    /// <summary>Telemetry must not break the call it tells of: what goes wrong is told on the span itself.</summary>
    private static void Enrich(Activity span, Action enrich)
    {
        try
        {
            enrich();
        }
        catch (Exception exception)
        {
            span.AddException(exception);
        }
    }

    private static Exception? Exception(object? payload) =>
        payload?.GetType().GetProperty("exception")?.GetValue(payload) as Exception;
}
