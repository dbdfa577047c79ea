using System.Reflection;

namespace ApiSvc.Compat.Tests.Api;

public sealed class ApiTests
{
    public static TheoryData<string> Projects => [.. StandIns.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void StandIn_EveryMember_StandsInThePackagesApi(string package)
    {
        var file = StandIns.ApiFile(package);
        File.Exists(file)
            .ShouldBeTrue($"Write compat/api/{package}.txt from the package's documentation.");
        var assembly = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, $"{package}.dll"));
        var offered = ApiRenderer.Render(assembly).Where(type => !IsFromProto(type)).ToList();

        var missing = ApiCheck.Missing(offered, ApiText.Parse(File.ReadLines(file)));

        missing.ShouldBeEmpty(
            $"Not in compat/api/{package}.txt; look each up in the package's documentation, then add it there or "
                + $"change it here:\n{string.Join('\n', missing)}\n"
        );
    }

    [Fact]
    public void CompatTargets_EveryStandIn_HasAProject() =>
        StandIns.Swapped.Except(StandIns.Projects).ShouldBeEmpty();

    [Fact]
    public void ApiFiles_EveryFile_IsOfAStandIn() =>
        Directory
            .EnumerateFiles(Path.Combine(StandIns.Folder, "api"), "*.txt")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Except(StandIns.Projects)
            .ShouldBeEmpty();

    private static bool IsFromProto(ApiType type) =>
        StandIns.GeneratedNamespaces.Any(space =>
            type.Head.Split(' ').Any(word => word.StartsWith(space + ".", StringComparison.Ordinal))
        );
}
