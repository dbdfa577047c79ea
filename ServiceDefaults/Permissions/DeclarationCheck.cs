using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>Stops the start when an endpoint does not say who may call it, naming all of them.</summary>
internal sealed class DeclarationCheck : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            // The endpoints are known once the pipeline is built, which is before the server listens.
            next(app);
            var wrong = app
                .ApplicationServices.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .SelectMany(Find)
                .Order(StringComparer.Ordinal)
                .ToList();
            if (wrong.Count > 0)
            {
                throw new InvalidOperationException(
                    "Every endpoint declares one permission and how its team is found. Wrong here:\n"
                        + string.Join('\n', wrong)
                );
            }
        };

    private static IEnumerable<string> Find(RouteEndpoint endpoint)
    {
        var declarations = endpoint.Metadata.GetOrderedMetadata<IPermissionDeclaration>();
        var name = endpoint.DisplayName ?? endpoint.RoutePattern.RawText ?? "(no name)";
        if (declarations.Count == 0 && !FrameworkRoutes.Contains(endpoint))
        {
            yield return $"{name}: declares nothing";
        }
        else if (declarations.Count > 1)
        {
            yield return $"{name}: declares {string.Join(" and ", declarations.Select(d => d.Describe()))}";
        }
        else if (declarations.Count == 1 && declarations[0].FindFault(endpoint) is { } fault)
        {
            yield return $"{name}: {fault}";
        }
    }
}
