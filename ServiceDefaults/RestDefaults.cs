using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.OpenApi;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using ApiSvc.ServiceDefaults.Sealing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ApiSvc.ServiceDefaults;

/// <summary>What every REST endpoint of the suite has in common, in two calls.</summary>
public static class RestDefaults
{
    /// <summary>Adds problems, strict requests, paging, sealing, identifiers and the OpenAPI document.</summary>
    public static TBuilder AddRestDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddSealing();
        builder.Services.AddValidatedOptions<RestOptions>("Rest");
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(sp => new UuidGenerator(sp.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<CursorSigner>();
        services.ConfigureHttpJsonOptions(options => RestJson.Apply(options.SerializerOptions));

        // In every environment the framework must throw what it cannot bind: the edge then says what it was.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ProblemEdge>());
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IDeveloperPageExceptionFilter, DeveloperPageProblems>()
        );
        services.AddRestOpenApi(builder.Environment.ApplicationName);

        IdTypeHandler<ApiKind>.Register();
        IdTypeHandler<ApplicationKind>.Register();
        IdTypeHandler<SubscriptionKind>.Register();
        IdTypeHandler<TeamKind>.Register();
        IdTypeHandler<UserKind>.Register();
        IdTypeHandler<KeyKind>.Register();
        return builder;
    }

    /// <summary>Maps <c>/openapi/v1.json</c>, which asks for no token.</summary>
    public static TRoutes MapRestDefaults<TRoutes>(this TRoutes routes)
        where TRoutes : IEndpointRouteBuilder
    {
        routes.MapOpenApi("/openapi/{documentName}.json").AllowAnonymousCaller();
        return routes;
    }
}
