using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace ApiSvc.AppHost;

/// <summary>
/// Everything listens where it did the time before: addresses in browsers, tokens' issuers and clients' settings stay
/// true. At the first start free ports are taken and written to <c>ports.json</c>; <c>Ports:gateway:https</c> in the
/// configuration comes before them.
/// </summary>
internal static class KeptPorts
{
    private const string FileName = "ports.json";
    private const string DashboardUrls = "ASPNETCORE_URLS";

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>To be called when all resources are there.</summary>
    /// <exception cref="DistributedApplicationException">A port is no port; the message names the key.</exception>
    public static void KeepPorts(this IDistributedApplicationBuilder builder, DataFolder data)
    {
        if (!builder.ExecutionContext.IsRunMode)
        {
            return;
        }

        var kept = Read(data);
        foreach (var (key, endpoint) in Endpoints(builder.Resources))
        {
            endpoint.Port ??= Configured(builder.Configuration, key) ?? kept.GetValueOrDefault(key);
        }

        if (kept.GetValueOrDefault("dashboard") is { } dashboard)
        {
            builder.Configuration[DashboardUrls] ??= $"http://127.0.0.1:{dashboard}";
        }

        builder.Eventing.Subscribe<AfterResourcesCreatedEvent>(
            (_, cancellationToken) =>
            {
                foreach (var (key, endpoint) in Endpoints(builder.Resources))
                {
                    kept[key] = endpoint.AllocatedEndpoint?.Port;
                }

                if (Uri.TryCreate(builder.Configuration[DashboardUrls], default, out var address))
                {
                    kept["dashboard"] = address.Port;
                }

                return data.WriteAsync(
                    FileName,
                    JsonSerializer.Serialize(kept, Format) + "\n",
                    cancellationToken
                );
            }
        );
    }

    // Several replicas cannot share one.
    private static IEnumerable<(string Key, EndpointAnnotation Endpoint)> Endpoints(
        IEnumerable<IResource> resources
    ) =>
        from resource in resources
        where !resource.Annotations.OfType<ReplicaAnnotation>().Any(r => r.Replicas > 1)
        from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
        select ($"{resource.Name}:{endpoint.Name}", endpoint);

    private static int? Configured(ConfigurationManager configuration, string key)
    {
        var value = configuration[$"Ports:{key}"];
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        return
            int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535
            ? port
            : throw new DistributedApplicationException(
                $"Ports:{key} is '{value}'; a port is a number from 1 to 65535."
            );
    }

    private static SortedDictionary<string, int?> Read(DataFolder data)
    {
        var file = data.File(FileName);
        try
        {
            return File.Exists(file)
                ? JsonSerializer.Deserialize<SortedDictionary<string, int?>>(File.ReadAllText(file))
                    ?? []
                : [];
        }
        catch (JsonException e)
        {
            throw new DistributedApplicationException(
                $"{file} cannot be read: {e.Message} Mend it, or delete it: free ports are then taken.",
                e
            );
        }
    }
}
