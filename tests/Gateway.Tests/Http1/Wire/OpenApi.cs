using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Tests.Calls;
using Api = ApiSvc.Contracts.GatewayConfig.V1.Api;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>An API that takes every call and asks for no credential.</summary>
internal static class OpenApi
{
    public static async Task PutAsync(
        GatewayHost host,
        string basePath,
        string upstream,
        TimeSpan? timeout = null
    )
    {
        var api = new Api
        {
            ApiId = Scene.NewId(),
            VersionId = Scene.NewId(),
            TeamId = Scene.NewId(),
            BasePath = basePath,
            Availability = Availability.Served,
            Upstreams =
            {
                new Upstream
                {
                    Addresses = { new UpstreamAddress { Url = upstream } },
                    TotalTimeout = timeout is { } t ? Duration.FromTimeSpan(t) : null,
                },
            },
            Policies =
            {
                Scene.PolicyOf(
                    "authentication",
                    new AuthenticationSettings
                    {
                        Methods = { new AuthenticationMethod { Anonymous = new() } },
                    }
                ),
            },
        };
        (await host.PutAsync(api)).ShouldBeEmpty();
        await host.PutCredentialsAsync();
    }
}
