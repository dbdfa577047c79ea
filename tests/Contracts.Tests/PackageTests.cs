using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using ApiSvc.Testing;

namespace ApiSvc.Contracts.Tests;

/// <summary>The NuGet package that consumers get.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task Pack_Contracts_HoldsProtosAndNamesItsDependencies()
    {
        using var package = await PackAsync();

        var protos = Directory
            .EnumerateFiles(
                Path.Combine(ProjectFolder, "Protos"),
                "*.proto",
                SearchOption.AllDirectories
            )
            .Select(file =>
                "protos/" + Path.GetRelativePath(Path.Combine(ProjectFolder, "Protos"), file)
            );
        var entries = package.Entries.Select(entry => entry.FullName).ToList();
        protos.ShouldBeSubsetOf(entries);
        entries.ShouldContain("lib/net10.0/ApiSvc.Contracts.dll");
        entries.ShouldContain("lib/net10.0/ApiSvc.Contracts.xml");

        Dependencies(package).ShouldBe(["Google.Protobuf", "Grpc.Core.Api"], ignoreOrder: true);
    }

    private static string ProjectFolder { get; } =
        Path.Combine(Repository.Root, "services", "Contracts");

    private static IEnumerable<string> Dependencies(ZipArchive package)
    {
        using var nuspec = package.GetEntry("ApiSvc.Contracts.nuspec")!.Open();
        return
        [
            .. XDocument
                .Load(nuspec)
                .Descendants()
                .Where(element => element.Name.LocalName == "dependency")
                .Select(element => element.Attribute("id")!.Value),
        ];
    }

    private static async Task<ZipArchive> PackAsync()
    {
        var output = Directory.CreateTempSubdirectory("apisvc-pack-");
        try
        {
            // The configuration of this program is the one that was built.
            var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
            await ChildProgram.RunAsync(
                new ProcessStartInfo(
                    "dotnet",
                    [
                        "pack",
                        ProjectFolder,
                        "--no-build",
                        "-c",
                        configuration,
                        "-o",
                        output.FullName,
                        "--nologo",
                    ]
                ),
                patience: TimeSpan.FromMinutes(5)
            );

            var file = output.EnumerateFiles("*.nupkg").ShouldHaveSingleItem();
            return new ZipArchive(new MemoryStream(await File.ReadAllBytesAsync(file.FullName)));
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }
}
