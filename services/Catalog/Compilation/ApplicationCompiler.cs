using ApiSvc.Contracts.GatewayConfig.V1;

namespace ApiSvc.Catalog.Compilation;

/// <summary>What the gateway has to know of an application: that it exists.</summary>
internal sealed record ApplicationContent(Guid ApplicationId, Guid TeamId, string Name);

/// <summary>Makes of an application what the gateway asks.</summary>
internal static class ApplicationCompiler
{
    public static CompiledResource Compile(ApplicationContent application) =>
        new(
            ResourceKind.Application,
            ResourceId.Of(application.ApplicationId),
            new Application
            {
                ApplicationId = ResourceId.InMessage(application.ApplicationId),
                TeamId = ResourceId.InMessage(application.TeamId),
                Name = application.Name,
            },
            []
        );
}
