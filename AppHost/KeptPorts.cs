using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AppHost;

/// <summary>
/// Everything listens where it did the time before: addresses in browsers, tokens' issuers and clients' settings stay
/// true. At the first start free ports are taken and written to <c>ports.json</c>; <c>Ports:gateway:https</c> in the
/// configuration comes before them.
/// </summary>
internal sealed class KeptPorts(DataFolder data, IConfiguration configuration)
{
    private const string FileName = "ports.json";
    private const string Dashboard = "dashboard";
    private const string DashboardUrls = "ASPNETCORE_URLS";

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>Puts everything where it was, unless its port is set.</summary>
    /// <exception cref="DistributedApplicationException">A port is no port; the message names the key.</exception>
    public void Use(IEnumerable<IResource> resources)
    {
        var kept = Read();
        foreach (var (key, endpoint) in Endpoints(resources))
        {
            endpoint.Port ??= Configured(key) ?? kept.GetValueOrDefault(key);
        }

        if (kept.GetValueOrDefault(Dashboard) is { } port)
        {
            configuration[DashboardUrls] ??= $"http://127.0.0.1:{port}";
        }
    }

    /// <summary>Writes down where everything is, once it runs there.</summary>
    public Task SaveAsync(IEnumerable<IResource> resources, CancellationToken cancellationToken)
    {
        var kept = Read();
        foreach (var (key, endpoint) in Endpoints(resources))
        {
            kept[key] = endpoint.AllocatedEndpoint?.Port;
        }

        if (Uri.TryCreate(configuration[DashboardUrls], default, out var address))
        {
            kept[Dashboard] = address.Port;
        }

        var text = JsonSerializer.Serialize(kept, Format) + "\n";
        return data.WriteAsync(FileName, text, cancellationToken);
    }

    // Several replicas cannot share one.
    private static IEnumerable<(string Key, EndpointAnnotation Endpoint)> Endpoints(
        IEnumerable<IResource> resources
    ) =>
        from resource in resources
        where !resource.Annotations.OfType<ReplicaAnnotation>().Any(r => r.Replicas > 1)
        from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
        select ($"{resource.Name}:{endpoint.Name}", endpoint);

    private int? Configured(string key)
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

    private SortedDictionary<string, int?> Read()
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

internal static class KeptPortsExtensions
{
    /// <summary>To be called when all resources are there.</summary>
    public static void KeepPorts(this IDistributedApplicationBuilder builder, DataFolder data)
    {
        var ports = new KeptPorts(data, builder.Configuration);
        builder.Services.AddSingleton(ports);
        if (builder.ExecutionContext.IsRunMode)
        {
            ports.Use(builder.Resources);
        }
    }
}
