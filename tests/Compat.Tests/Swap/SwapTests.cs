using System.Diagnostics;
using System.Text.Json;
using ApiSvc.Compat.Tests.Api;
using ApiSvc.Testing;

namespace ApiSvc.Compat.Tests.Swap;

/// <summary>The switch in <c>Compat.targets</c>, as MSBuild evaluates a project.</summary>
public sealed class SwapTests
{
    private const string Project = "tests/Compat.Tests/Swap/References.csproj";

    [Fact]
    public async Task Evaluate_ByDefault_StandInsReplacePackages()
    {
        var (packages, projects) = await EvaluateAsync();

        packages.Intersect(StandIns.Swapped).ShouldBeEmpty();
        packages.ShouldNotContain("Confluent.Kafka");
        packages.ShouldContain("Npgsql");
        projects.ShouldBe(StandIns.Swapped, ignoreOrder: true);
    }

    [Fact]
    public async Task Evaluate_UseUpstreamPackages_PackagesStay()
    {
        var (packages, projects) = await EvaluateAsync("-p:UseUpstreamPackages=true");

        packages.ShouldBe([.. StandIns.Swapped, "Confluent.Kafka", "Npgsql"], ignoreOrder: true);
        projects.ShouldBeEmpty();
    }

    private static async Task<(string[] Packages, string[] Projects)> EvaluateAsync(
        params string[] arguments
    )
    {
        var references = string.Join(';', [.. StandIns.Swapped, "Confluent.Kafka", "Npgsql"]);
        var start = new ProcessStartInfo(
            "dotnet",
            ["msbuild", Project, "-getItem:PackageReference,ProjectReference", .. arguments]
        )
        {
            WorkingDirectory = Repository.Root,
        };
        // Through the environment, where a semicolon needs no escape.
        start.Environment["References"] = references;
        var output = await ChildProgram.RunAsync(start, patience: TimeSpan.FromMinutes(5));
        using var items = JsonDocument.Parse(output);
        string[] Names(string item, string metadata) =>
            [
                .. items
                    .RootElement.GetProperty("Items")
                    .GetProperty(item)
                    .EnumerateArray()
                    .Select(i => i.GetProperty(metadata).GetString()!)
                    .Where(name => !name.Contains("Analyzer", StringComparison.Ordinal)),
            ];
        return (Names("PackageReference", "Identity"), Names("ProjectReference", "Filename"));
    }
}
