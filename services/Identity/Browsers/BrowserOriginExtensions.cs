using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ApiSvc.Identity.Browsers;

/// <summary>Registers from where scripts in browsers may call.</summary>
internal static class BrowserOriginExtensions
{
    public static IServiceCollection AddBrowserOrigins(this IServiceCollection services)
    {
        services.AddCors();
        services.Replace(ServiceDescriptor.Singleton<ICorsPolicyProvider, BrowserOrigins>());
        return services;
    }
}
