using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Testing;

/// <summary>Talks to an application's resources.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>A client of an endpoint.</summary>
    /// <param name="app">The application, started.</param>
    /// <param name="resourceName">The resource.</param>
    /// <param name="endpointName">The endpoint; null: <c>https</c> or <c>http</c>.</param>
    public static HttpClient CreateHttpClient(
        this DistributedApplication app,
        string resourceName,
        string? endpointName = null
    )
    {
        var address = app.GetEndpoint(resourceName, endpointName);
        var client =
            app.Services.GetService<IHttpClientFactory>()?.CreateClient() ?? new HttpClient();
        client.BaseAddress = address;
        return client;
    }

    /// <summary>An endpoint's address.</summary>
    /// <exception cref="ArgumentException">There is no such resource or endpoint.</exception>
    public static Uri GetEndpoint(
        this DistributedApplication app,
        string resourceName,
        string? endpointName = null
    )
    {
        if (Find(app, resourceName) is not IResourceWithEndpoints resource)
        {
            throw new ArgumentException(
                $"The resource '{resourceName}' has no endpoints.",
                nameof(resourceName)
            );
        }

        var endpoint = new EndpointReference(
            resource,
            endpointName ?? (new EndpointReference(resource, "https").Exists ? "https" : "http")
        );
        return endpoint.Exists
            ? new Uri(endpoint.Url)
            : throw new ArgumentException(
                $"The resource '{resourceName}' has no endpoint '{endpoint.EndpointName}'.",
                nameof(endpointName)
            );
    }

    /// <summary>A resource's connection string.</summary>
    /// <exception cref="ArgumentException">There is no such resource, or it has none.</exception>
    public static ValueTask<string?> GetConnectionStringAsync(
        this DistributedApplication app,
        string resourceName,
        CancellationToken cancellationToken = default
    ) =>
        Find(app, resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException(
                $"The resource '{resourceName}' has no connection string.",
                nameof(resourceName)
            );

    private static IResource Find(DistributedApplication app, string name) =>
        app.Services.GetRequiredService<DistributedApplicationModel>()
            .Resources.FirstOrDefault(r =>
                string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase)
            )
        ?? throw new ArgumentException($"There is no resource '{name}'.", nameof(name));
}
