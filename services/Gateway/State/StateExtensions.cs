using ApiSvc.Gateway.CallerTokens;
using ApiSvc.Gateway.Credentials;
using ApiSvc.Gateway.Policies;
using ApiSvc.Gateway.Policies.Limits;
using ApiSvc.Gateway.Upstreams;

namespace ApiSvc.Gateway.State;

/// <summary>Registers what the gateway knows.</summary>
internal static class StateExtensions
{
    public static IServiceCollection AddGatewayStates(this IServiceCollection services) =>
        // By its class: the suite's own tokens are added by a method of the same name.
        AccessTokenExtensions
            .AddAccessTokens(services)
            .AddSingleton<GatewayStates>()
            .AddSingleton<IRateCounters, RateCounters>()
            .AddCallerTokens()
            .AddSingleton<SuiteServices>()
            .AddSingleton<PolicyCompiler>()
            .AddSingleton<UpstreamCompiler>()
            .AddSingleton<ApiCompiler>()
            .AddSingleton<ConfigurationBuilder>()
            .AddSingleton<KeyUses>()
            .AddSingleton<CredentialsBuilder>();
}
