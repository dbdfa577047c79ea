using System.Diagnostics;

namespace OpenTelemetry.Instrumentation.Http;

/// <summary>
/// Applies the options to the spans that HttpClient starts. It tells of its calls through a diagnostic listener, whose
/// payloads are objects of a type of its own with the properties Request, Response and Exception.
/// </summary>
internal sealed class HttpClientListener
    : IObserver<DiagnosticListener>,
        IObserver<KeyValuePair<string, object?>>,
        IDisposable
{
    private readonly HttpClientTraceInstrumentationOptions _options;
    private readonly List<IDisposable> _subscriptions = [];

    public HttpClientListener(HttpClientTraceInstrumentationOptions options)
    {
        _options = options;
        if (
            options
            is not {
                FilterHttpRequestMessage: null,
                EnrichWithHttpRequestMessage: null,
                EnrichWithHttpResponseMessage: null,
                EnrichWithException: null
            }
        )
        {
            _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "HttpHandlerDiagnosticListener")
        {
            _subscriptions.Add(value.Subscribe(this));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Activity.Current is not { Source.Name: "System.Net.Http" } span)
        {
            return;
        }

        switch (value.Key)
        {
            case "System.Net.Http.HttpRequestOut.Start"
                when Property<HttpRequestMessage>(value.Value, "Request") is { } request:
                Started(span, request);
                break;
            case "System.Net.Http.HttpRequestOut.Stop"
                when Property<HttpResponseMessage>(value.Value, "Response") is { } response:
                Enrich(span, () => _options.EnrichWithHttpResponseMessage?.Invoke(span, response));
                break;
            case "System.Net.Http.Exception"
                when Property<Exception>(value.Value, "Exception") is { } exception:
                Enrich(span, () => _options.EnrichWithException?.Invoke(span, exception));
                break;
        }
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private void Started(Activity span, HttpRequestMessage request)
    {
        if (!IsWanted(request))
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        Enrich(span, () => _options.EnrichWithHttpRequestMessage?.Invoke(span, request));
    }

    private bool IsWanted(HttpRequestMessage request)
    {
        try
        {
            return _options.FilterHttpRequestMessage?.Invoke(request) ?? true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>Telemetry must not break the call it tells of: what goes wrong is told on the span itself.</summary>
    private static void Enrich(Activity span, Action enrich)
    {
        if (!span.IsAllDataRequested)
        {
            return;
        }

        try
        {
            enrich();
        }
        catch (Exception exception)
        {
            span.AddException(exception);
        }
    }

    private static T? Property<T>(object? payload, string name)
        where T : class => payload?.GetType().GetProperty(name)?.GetValue(payload) as T;
}
