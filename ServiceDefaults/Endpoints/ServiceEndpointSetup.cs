using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Endpoints;

/// <summary>
/// Sets up Kestrel's named endpoints: the protocols that belong to each, and a tag on every connection. Refuses the
/// start where one would be plaintext outside development, or has a name that nothing is served on.
/// </summary>
internal sealed class ServiceEndpointSetup(
    IConfiguration configuration,
    IHostEnvironment environment,
    IOptions<ServiceEndpointOptions> endpoints
) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options)
    {
        Check();
        var loader =
            options.ConfigurationLoader ?? options.Configure(configuration.GetSection("Kestrel"));
        Set(loader, ServiceEndpoints.Http, HttpProtocols.Http1);
        Set(loader, ServiceEndpoints.Grpc, HttpProtocols.Http2);
        Set(loader, ServiceEndpoints.Management, HttpProtocols.Http1);
        foreach (var name in endpoints.Value.Additional)
        {
            Set(loader, name, protocols: null);
        }
    }

    private void Set(KestrelConfigurationLoader loader, string name, HttpProtocols? protocols)
    {
        var feature = new ServiceEndpointFeature(name);
        loader.Endpoint(
            name,
            endpoint =>
            {
                endpoint.ListenOptions.Protocols = protocols ?? endpoint.ListenOptions.Protocols;
                endpoint.ListenOptions.Use(next =>
                    connection =>
                    {
                        connection.Features.Set<IServiceEndpointFeature>(feature);
                        return next(connection);
                    }
                );
                endpoints.Value.ConfigureEndpoint?.Invoke(name, endpoint);
            }
        );
    }

    private void Check()
    {
        string[] known =
        [
            ServiceEndpoints.Http,
            ServiceEndpoints.Grpc,
            ServiceEndpoints.Management,
            .. endpoints.Value.Additional,
        ];
        var wrong = new List<string>();
        var plaintext =
            environment.IsDevelopment() || configuration.GetValue<bool>("AllowPlaintext");
        foreach (var endpoint in configuration.GetSection(ServiceEndpoints.Section).GetChildren())
        {
            var url = endpoint["Url"] ?? "";
            if (!known.Contains(endpoint.Key, StringComparer.OrdinalIgnoreCase))
            {
                wrong.Add(
                    $"{endpoint.Path}: nothing is served on an endpoint of this name; there are {string.Join(", ", known)}."
                );
            }
            else if (!plaintext && !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            {
                wrong.Add(
                    $"{endpoint.Path}:Url is '{url}': outside Development it must start with https://, unless AllowPlaintext=true."
                );
            }
        }

        if (wrong.Count > 0)
        {
            throw new OptionsValidationException(
                ServiceEndpoints.Section,
                typeof(ServiceEndpointOptions),
                wrong
            );
        }
    }
}
