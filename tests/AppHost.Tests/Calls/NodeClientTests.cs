using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>A gRPC client in JavaScript, made from the protos in the package of the contracts.</summary>
[Collection<OpenSuiteTests>]
public sealed class NodeClientTests(OpenSuite open)
{
    private static readonly string Peer = Path.Combine(
        Repository.Root,
        "tests/AppHost.Tests/peers/catalog-client.cjs"
    );

    [Fact]
    public async Task Client_OfThePackedProtos_ListsReadsAndWatchesThroughTheGateway()
    {
        using var folder = new TemporaryFolder();
        await PackAsync(folder.Path);
        var versions = await open.Door.ManageAsync(
            "catalog",
            HttpMethod.Get,
            $"apis/{open.Shop.Api}/versions"
        );
        var modules = await NpmModules.InstallAsync(
            Path.Combine(Repository.Root, "tests/Grpc.Interop.Tests/peers/node")
        );

        var printed = await ChildProgram.RunAsync(
            new ProcessStartInfo(
                "node",
                [
                    Peer,
                    Path.Combine(folder.Path, "protos"),
                    open.Door.Address.Authority,
                    open.Suite.App.Services.GetRequiredService<DevelopmentCertificate>().CaPath,
                    open.Shop.Api,
                    (string)versions["items"]![0]!["id"]!,
                ]
            )
            {
                Environment = { ["NODE_PATH"] = modules },
            },
            await open.Suite.TokenAsync("admin", "catalog")
        );

        var seen = JsonNode.Parse(printed)!;
        seen["apis"]!.AsArray().Select(a => (string?)a).ShouldContain("shop");
        ((string)seen["document"]!).ShouldBe(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples/Shop/openapi.yaml"))
        );
        ((string)seen["watched"]!).ShouldBe("Watched");
        ((string)seen["withoutToken"]!).ShouldBe("UNAUTHENTICATED");
    }

    private static async Task PackAsync(string folder)
    {
        await ChildProgram.RunAsync(
            new ProcessStartInfo(
                "dotnet",
                ["pack", "services/Contracts", "--no-build", "-c", "Debug", "-o", folder]
            )
            {
                WorkingDirectory = Repository.Root,
            },
            patience: TimeSpan.FromMinutes(2)
        );
        await ZipFile.ExtractToDirectoryAsync(
            Directory.EnumerateFiles(folder, "*.nupkg").Single(),
            folder
        );
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("contracts-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
