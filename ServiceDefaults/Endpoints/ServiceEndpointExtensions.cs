using ApiSvc.ServiceDefaults.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>The three endpoints of every service.</summary>
public static class ServiceEndpointExtensions
{
    /// <summary>
    /// Listens on <c>http</c>, <c>grpc</c> and <c>management</c> at <c>Kestrel:Endpoints:&lt;name&gt;:Url</c>; where that
    /// is not set, at ports 8080, 8081 and 8082.
    /// </summary>
    public static TBuilder AddServiceEndpoints<TBuilder>(
        this TBuilder builder,
        Action<ServiceEndpointOptions>? configure = null
    )
        where TBuilder : IHostApplicationBuilder
    {
        AddDefaultUrls(builder);
        builder.Services.AddOptions<ServiceEndpointOptions>().Configure(o => configure?.Invoke(o));
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<
                IConfigureOptions<KestrelServerOptions>,
                ServiceEndpointSetup
            >()
        );
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<MatcherPolicy, ServedOnPolicy>()
        );
        return builder;
    }

    /// <summary>Says on which of the named endpoints the routes are served, instead of where their kind belongs.</summary>
    public static TBuilder ServeOn<TBuilder>(this TBuilder builder, params string[] names)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ServedOn(names));

    // The lowest source, so that every other one wins.
    private static void AddDefaultUrls(IHostApplicationBuilder builder)
    {
        var isDevelopment = builder.Environment.IsDevelopment();
        var scheme =
            isDevelopment || builder.Configuration.GetValue<bool>("AllowPlaintext")
                ? "http"
                : "https";
        var host = isDevelopment ? "localhost" : "*";
        var urls = new Dictionary<string, string?>
        {
            [Key(ServiceEndpoints.Http)] = $"{scheme}://{host}:8080",
            [Key(ServiceEndpoints.Grpc)] = $"{scheme}://{host}:8081",
            [Key(ServiceEndpoints.Management)] = $"{scheme}://{host}:8082",
        };
        builder.Configuration.Sources.Insert(
            0,
            new MemoryConfigurationSource { InitialData = urls }
        );
    }

    private static string Key(string name) => $"{ServiceEndpoints.Section}:{name}:Url";
}
