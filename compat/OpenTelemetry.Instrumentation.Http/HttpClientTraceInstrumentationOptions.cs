using System.Diagnostics;

namespace OpenTelemetry.Instrumentation.Http;

/// <summary>Which outgoing calls are traced, and what is added to their spans.</summary>
public class HttpClientTraceInstrumentationOptions
{
    /// <summary>Says whether a call is traced; all are if it is not set. What it throws counts as no.</summary>
    public Func<HttpRequestMessage, bool>? FilterHttpRequestMessage { get; set; }

    /// <summary>Adds to a call's span before it is sent.</summary>
    public Action<Activity, HttpRequestMessage>? EnrichWithHttpRequestMessage { get; set; }

    /// <summary>Adds to a call's span when the response's headers have come.</summary>
    public Action<Activity, HttpResponseMessage>? EnrichWithHttpResponseMessage { get; set; }

    /// <summary>Adds to the span of a call that failed without a response.</summary>
    public Action<Activity, Exception>? EnrichWithException { get; set; }

    /// <summary>Whether the exception of a failed call is an event of its span.</summary>
    public bool RecordException { get; set; }
}
