using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Permissions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Declares who may call an endpoint. Each endpoint has exactly one declaration.</summary>
    public static class PermissionEndpointExtensions
    {
        /// <summary>The caller must have the permission in the team that is found so.</summary>
        public static TBuilder RequirePermission<TBuilder>(
            this TBuilder builder,
            string permission,
            Team team
        )
            where TBuilder : IEndpointConventionBuilder =>
            builder.WithMetadata(new PermissionDeclaration(permission, team));

        /// <summary>The caller must have a valid token; what it may do does not matter. For what belongs to the caller itself.</summary>
        public static TBuilder RequireAnyCaller<TBuilder>(this TBuilder builder)
            where TBuilder : IEndpointConventionBuilder =>
            builder.WithMetadata(new AnyCallerDeclaration());

        /// <summary>Everybody may call, with or without a token.</summary>
        public static TBuilder AllowAnonymousCaller<TBuilder>(this TBuilder builder)
            where TBuilder : IEndpointConventionBuilder =>
            builder.WithMetadata(new AnonymousDeclaration());
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Registers permissions.</summary>
    public static class PermissionServiceExtensions
    {
        /// <summary>Adds enforcement of the declarations, the role table, and the check at the start.</summary>
        public static IServiceCollection AddPermissions(this IServiceCollection services)
        {
            services.AddValidatedOptions<PermissionOptions>(PermissionOptions.Section);
            services.TryAddSingleton<RoleTableState>();
            services.TryAddSingleton<IRoleTable>(p => p.GetRequiredService<RoleTableState>());
            services.AddAuthorization();
            services.AddSingleton<IAuthorizationMiddlewareResultHandler, PermissionAnswers>();
            services.TryAddEnumerable(
                ServiceDescriptor.Singleton<IAuthorizationHandler, PermissionHandler>()
            );
            services.TryAddEnumerable(
                ServiceDescriptor.Singleton<IStartupFilter, DeclarationCheck>()
            );
            return services;
        }
    }
}
