using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Projects;

/// <summary>What every project is told by its environment.</summary>
internal static class ProjectEnvironment
{
    /// <summary>Where it listens: by the names that it configures for Kestrel, if it does.</summary>
    public static void AddEndpoints(EnvironmentCallbackContext context, bool usesKestrelNames)
    {
        var variables = context.EnvironmentVariables;
        var urls = new List<string>();
        foreach (var endpoint in context.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            var reference = new EndpointReference(
                (IResourceWithEndpoints)context.Resource,
                endpoint
            );
            if (endpoint.EnvironmentVariable is { } variable)
            {
                variables[variable] = reference.Property(EndpointProperty.TargetPort);
            }
            else if (endpoint.IsHttp && usesKestrelNames)
            {
                variables[$"Kestrel__Endpoints__{endpoint.Name}__Url"] = reference.Url;
            }
            else if (endpoint.IsHttp)
            {
                urls.Add(reference.Url);
            }
        }

        if (urls.Count > 0)
        {
            variables["ASPNETCORE_URLS"] = string.Join(';', urls);
        }
    }

    /// <summary>Where its telemetry goes, and under which name.</summary>
    public static void AddTelemetry(
        EnvironmentCallbackContext context,
        IDashboard dashboard,
        bool isDevelopment
    )
    {
        var variables = context.EnvironmentVariables;
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (dashboard.OtlpEndpoint is not { } endpoint)
        {
            return;
        }

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint.ToString();
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        variables["OTEL_SERVICE_NAME"] = context.Resource.Name;
        var id = context.Resource.Ids().ElementAt(ReplicaScope.IndexOf(context.Resource));
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={id}";
        if (dashboard.OtlpApiKey is { } key)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }

        if (isDevelopment)
        {
            // Seen at once instead of after the minute that suits production.
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }
    }
}
