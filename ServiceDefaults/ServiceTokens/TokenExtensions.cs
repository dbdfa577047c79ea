using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Endpoints;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers access tokens.</summary>
public static class TokenExtensions
{
    /// <summary>The health check that says whether the issuer's keys are known.</summary>
    public const string IssuerCheck = "token-issuer";

    /// <summary>
    /// Checks incoming access tokens, with options from section <c>Tokens</c>. The issuer's keys are read from it,
    /// unless an <see cref="IIssuerKeys"/> was registered before: by the issuer, which has them itself.
    /// </summary>
    public static IServiceCollection AddAccessTokens(this IServiceCollection services)
    {
        AddIssuer(services);
        services.AddPermissions();
        if (!services.Any(s => s.ServiceType == typeof(IIssuerKeys)))
        {
            AddRemoteKeys(services);
            AddRoleTableFollower(services);
        }

        services.TryAddSingleton<AccessTokenValidator>();
        services
            .AddAuthentication(CallerIdentity.Scheme)
            .AddScheme<AuthenticationSchemeOptions, AccessTokenHandler>(
                CallerIdentity.Scheme,
                null
            );
        return services;
    }

    /// <summary>
    /// Sends this service's own token for the named service with every call that carries none: for HTTP and gRPC
    /// clients. Needs <c>Tokens:ClientId</c> and <c>Tokens:ClientSecret</c>.
    /// </summary>
    public static IHttpClientBuilder AddServiceToken(
        this IHttpClientBuilder builder,
        string audience
    )
    {
        AddIssuer(builder.Services)
            .Validate(
                o => !string.IsNullOrEmpty(o.ClientId) && !string.IsNullOrEmpty(o.ClientSecret),
                "Tokens:ClientId and Tokens:ClientSecret are not set: this service calls others with them."
            );
        builder.Services.TryAddSingleton<IServiceTokens, ServiceTokenSource>();
        return builder.AddHttpMessageHandler(p => new ServiceTokenHandler(
            p.GetRequiredService<IServiceTokens>(),
            audience
        ));
    }

    internal static IServiceCollection AddServiceInfo(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(p =>
            ServiceInfo.Of(
                p.GetRequiredService<IConfiguration>(),
                p.GetRequiredService<IHostEnvironment>()
            )
        );
        return services;
    }

    private static void AddRemoteKeys(IServiceCollection services)
    {
        services.AddSingleton<RemoteIssuerKeys>();
        services.AddSingleton<IIssuerKeys>(p => p.GetRequiredService<RemoteIssuerKeys>());
        services.AddHostedService(p => p.GetRequiredService<RemoteIssuerKeys>());
        services.AddHealthChecks().AddCheck<IssuerHealthCheck>(IssuerCheck);
    }

    // Unlike other clients it is no mistake to have none: whoever has no client works with the built-in roles.
    private static void AddRoleTableFollower(IServiceCollection services)
    {
        services.TryAddSingleton<IServiceTokens, ServiceTokenSource>();
        services
            .AddGrpcClient<Roles.RolesClient>(
                (provider, options) =>
                    options.Address = GrpcExtensions.AddressOf(
                        RoleTableFollower.Service,
                        provider.GetRequiredService<IConfiguration>()
                    )
            )
            .WithDiscoveryOnly()
            .AddHttpMessageHandler(p => new ServiceTokenHandler(
                p.GetRequiredService<IServiceTokens>(),
                RoleTableFollower.Service
            ));
        services.AddHostedService<RoleTableFollower>();
    }

    private static OptionsBuilder<TokenOptions> AddIssuer(IServiceCollection services)
    {
        services.AddServiceInfo();
        services
            .AddHttpClient(
                IssuerAddresses.ClientName,
                client => client.MaxResponseContentBufferSize = 1 << 20
            )
            .WithDiscoveryOnly();
        services.TryAddSingleton<IssuerAddresses>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<TokenOptions>, TokenOptionsValidation>()
        );
        return services.AddValidatedOptions<TokenOptions>(TokenOptions.Section);
    }
}
