using System.Collections.Concurrent;
using ApiSvc.AppHost.Tests.Calls;

namespace ApiSvc.AppHost.Tests.Documents;

/// <summary>Documents of real APIs, from the import to calls that are answered.</summary>
[Collection<OpenSuiteTests>]
public sealed class DocumentTests(OpenSuite open)
{
    // What takes the most memory of all is measured, and therefore alone.
    private const string Largest = "directory/microsoft.com/graph.json";

    private const int AtOnce = 2;

    [Fact]
    public async Task Publish_PublicDocuments_AreCalledByteForByte()
    {
        using var runs = await DocumentRuns.OpenAsync(open);
        var rows = new ConcurrentDictionary<string, DocumentRow>();
        await Parallel.ForEachAsync(
            PublicDocuments.Names.Where(name => name != Largest),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (name, _) => rows[name] = await RunAsync(runs, name)
        );
        var memory = new PeakMemory(open.Suite, "catalog", "gateway");
        rows[Largest] = await RunAsync(runs, Largest);

        await DocumentTable.WriteAsync(
            PublicDocuments.Names.Select(name => rows[name]),
            [$"{Largest}: {memory}"]
        );
        rows.Values.SelectMany(row => row.Faults.Select(fault => $"{row.Name}: {fault}"))
            .ShouldBeEmpty();
        // Its paths are "/#Action=…": no request has a fragment.
        rows["directory/amazonaws.com/ec2.json"].Routable.ShouldBe(0);
        rows["examples/3.1/json/webhooks.json"].Refusal.ShouldBe("no operations");
        rows.Values.Count(row => row is { Called: > 0 } && row.Right == row.Called).ShouldBe(35);
    }

    // A document that cannot be run is a line of the table too.
    private static async Task<DocumentRow> RunAsync(DocumentRuns runs, string name)
    {
        try
        {
            return await runs.RunAsync(name);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new DocumentRow(name) { Faults = [e.ToString()] };
        }
    }
}
