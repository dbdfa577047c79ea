using System.Reflection;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.Testing;
using Google.Protobuf.Reflection;

namespace ApiSvc.Contracts.Tests;

/// <summary>
/// Within v1 the contracts only grow. <c>baseline.txt</c> holds all that was ever published; running this program with
/// <c>UPDATE_BASELINE=1</c> writes additions to it.
/// </summary>
public sealed class BaselineTests
{
    private static readonly string BaselineFile = Path.Combine(
        Repository.Root,
        "tests",
        "Contracts.Tests",
        "baseline.txt"
    );

    [Fact]
    public void Contracts_ComparedWithBaseline_OnlyAdd()
    {
        var baseline = File.ReadAllLines(BaselineFile);
        var current = CurrentLines();

        var gone = baseline.Except(current).ToList();
        var added = current.Except(baseline).ToList();

        gone.ShouldBeEmpty(
            "A published contract was changed or removed; within v1 only additions are allowed."
        );
        if (Environment.GetEnvironmentVariable("UPDATE_BASELINE") == "1")
        {
            File.WriteAllLines(BaselineFile, current);
            return;
        }

        added.ShouldBeEmpty(
            "New in the contracts; if it is meant, write it to the baseline with UPDATE_BASELINE=1."
        );
    }

    [Fact]
    public void Contracts_AllFiles_NameOnePackagePerFolder()
    {
        foreach (var file in Files())
        {
            // protoc's convention, which buf and others check: the path is the package.
            Path.GetDirectoryName(file.Name)!.Replace('/', '.').ShouldBe(file.Package);
        }
    }

    [Fact]
    public void Enums_AllFiles_BeginWithUnspecified()
    {
        CurrentLines()
            .Where(line => line.EndsWith(" = 0", StringComparison.Ordinal))
            .ShouldAllBe(line => line.EndsWith("_UNSPECIFIED = 0", StringComparison.Ordinal));
    }

    private static List<string> CurrentLines() =>
        [.. Files().OrderBy(file => file.Name).SelectMany(ContractLines.Of)];

    private static IEnumerable<FileDescriptor> Files() =>
        typeof(Api)
            .Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type =>
                type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)
                    ?.GetValue(null)
            )
            .OfType<FileDescriptor>();
}
