using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.Gateway.Management;

/// <summary>Registers the built-in routes.</summary>
internal static class ManagementExtensions
{
    // Names in the path, and of the resource. Models are asked through APIs, so AiAdapter has no gRPC outside.
    private static readonly (string Path, string Service, bool HasGrpc)[] Known =
    [
        ("catalog", "catalog", true),
        ("identity", "identity", true),
        ("analytics", "analytics", true),
        ("ai", "aiadapter", false),
    ];

    /// <summary>
    /// Adds the routes, with addresses of section <c>Management</c>; a service that is not there is looked up as services
    /// are named to each other: <c>Services:catalog:http:0</c>, <c>Services:catalog:grpc:0</c>.
    /// </summary>
    public static void AddManagementRoutes(this IHostApplicationBuilder builder)
    {
        var services = builder.Configuration.GetSection("Services");
        builder
            .Services.AddValidatedOptions<ManagementOptions>(ManagementOptions.Section)
            .PostConfigure(options =>
            {
                foreach (var (path, name, hasGrpc) in Known)
                {
                    var set = options.Services.TryGetValue(path, out var addresses)
                        ? addresses
                        : new();
                    options.Services[path] = new(
                        set.Rest ?? Find(services, name, "http"),
                        hasGrpc ? set.Grpc ?? Find(services, name, "grpc") : null
                    );
                }
            });
        builder.Services.AddSingleton<ManagementRoutes>();
    }

    private static Uri? Find(IConfiguration services, string name, string endpoint) =>
        Uri.TryCreate(services[$"{name}:{endpoint}:0"], UriKind.Absolute, out var url) ? url : null;
}
