using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>Which incoming calls are traced, and what is added to their spans.</summary>
public class AspNetCoreTraceInstrumentationOptions
{
    /// <summary>Says whether a call is traced; all are if it is not set. What it throws counts as no.</summary>
    public Func<HttpContext, bool>? Filter { get; set; }

    /// <summary>Adds to a call's span when the call starts.</summary>
    public Action<Activity, HttpRequest>? EnrichWithHttpRequest { get; set; }

    /// <summary>Adds to a call's span when the call ends.</summary>
    public Action<Activity, HttpResponse>? EnrichWithHttpResponse { get; set; }

    /// <summary>Adds to the span of a call that ended in an unhandled exception.</summary>
    public Action<Activity, Exception>? EnrichWithException { get; set; }

    /// <summary>Whether an unhandled exception is an event of the call's span.</summary>
    public bool RecordException { get; set; }
}
