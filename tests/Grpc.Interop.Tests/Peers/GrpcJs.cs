using System.Diagnostics;
using ApiSvc.Testing;

namespace ApiSvc.Interop.Peers;

/// <summary>npm's <c>@grpc/grpc-js</c>, in the versions of <c>peers/node/package-lock.json</c>.</summary>
internal sealed class GrpcJs : PeerProgram
{
    private static readonly Lazy<Task<string>> Modules = new(() =>
        NpmModules.InstallAsync(Path.Combine(Folder, "node"))
    );

    public override string Name => "grpc-js";

    protected override async Task<ProcessStartInfo> CommandAsync(string role)
    {
        var modules = await Modules.Value;
        return new("node", [Path.Combine(Folder, "node", "peer.js"), role, await Descriptors.File])
        {
            Environment = { ["NODE_PATH"] = modules },
        };
    }
}
