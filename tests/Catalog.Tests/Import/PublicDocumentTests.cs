using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ApiSvc.Catalog.Export;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Import.Source;
using ApiSvc.Testing;

namespace ApiSvc.Catalog.Tests.Import;

/// <summary>Real documents, each compared with a plain walk over its JSON that shares no code with the import.</summary>
public sealed class PublicDocumentTests
{
    private static readonly GatewayOffer Offer = new()
    {
        Servers = [new("https://gateway.example/team/api", "")],
        Security = [new OfferedSecurity.ApiKey("x-api-key", InQuery: false)],
    };

    [Fact]
    public async Task Read_PublicDocuments_HasTheOperationsOfAPlainWalk()
    {
        var table = new StringBuilder();
        table.AppendLine(
            "document                                     version  syntax       bytes  operations  errors  warnings    ms  MB allocated  findings"
        );
        var wrong = new List<string>();
        foreach (var name in PublicDocuments.Names)
        {
            var bytes = await PublicDocuments.ReadAsync(name);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            var result = SpecificationImport.Read(bytes, ImportLimits.Default);
            watch.Stop();
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (!result.IsRead)
            {
                wrong.Add($"{name}: {result.Problem}");
                continue;
            }

            var document = result.Document;
            using var json = JsonDocument.Parse(
                await PublicDocuments.ReadAsync(PublicDocuments.TwinInJson(name))
            );
            wrong.AddRange(Differences(name, document, PlainWalk.Of(json.RootElement)));
            wrong.AddRange(WrongLines(name, document, bytes));
            table.AppendLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -44} {document.FormatVersion, -8} {document.Syntax, -4} {bytes.Length, 13:N0} {document.Operations.Count, 11:N0} {Count(document, FindingSeverity.Error), 7} {Count(document, FindingSeverity.Warning), 9} {watch.ElapsedMilliseconds, 5} {allocated / 1e6, 13:F1}  {Kinds(document)}"
                )
            );
        }

        TestContext.Current.TestOutputHelper!.WriteLine(table.ToString());
        await Console.Out.WriteLineAsync(table.ToString());
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_LargestDocument_StaysInBounds()
    {
        var bytes = await PublicDocuments.ReadAsync("directory/microsoft.com/graph-beta.json");
        var live = GC.GetTotalMemory(forceFullCollection: true);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();

        var document = SpecificationImport.Read(bytes, ImportLimits.Default).Document!;

        watch.Stop();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        live = GC.GetTotalMemory(forceFullCollection: true) - live;
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"graph-beta.json, {bytes.Length:N0} bytes, {document.Operations.Count:N0} operations: {watch.ElapsedMilliseconds} ms, {allocated / 1e6:F0} MB allocated, {live / 1e6:F0} MB kept, peak of the process {Environment.WorkingSet / 1e6:F0} MB"
        );
        await Console.Out.WriteLineAsync(said);
        document.Operations.Count.ShouldBe(22_361);
        live.ShouldBeLessThan(10L * bytes.Length, said);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1), said);
        GC.KeepAlive(document);
    }

    [Fact]
    public async Task Write_PublicDocuments_ReadsBackWithTheSameOperations()
    {
        var wrong = new List<string>();
        foreach (var name in PublicDocuments.Names)
        {
            var bytes = await PublicDocuments.ReadAsync(name);
            var before = SpecificationImport.Read(bytes, ImportLimits.Default).Document!;
            var served = ServedDocument.Write(bytes, Offer, DocumentSyntax.Json);
            wrong.AddRange(Changes(name, before, served));
            if (bytes.Length < 1_500_000)
            {
                var yaml = ServedDocument.Write(bytes, Offer, DocumentSyntax.Yaml);
                if (!IsSame(served, yaml))
                {
                    wrong.Add($"{name}: the YAML means something else than the JSON");
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    private static string Kinds(ImportedDocument document) =>
        string.Join(
            ' ',
            document
                .Findings.Where(finding => finding.Severity != FindingSeverity.Info)
                .CountBy(finding => finding.Code)
                .Select(kind => $"{kind.Key}:{kind.Value}")
        );

    private static int Count(ImportedDocument document, FindingSeverity severity) =>
        document.Findings.Count(finding => finding.Severity == severity);

    private static IEnumerable<string> Differences(
        string name,
        ImportedDocument document,
        IReadOnlyList<PlainOperation> expected
    )
    {
        if (document.Operations.Count != expected.Count)
        {
            yield return $"{name}: {document.Operations.Count} operations instead of {expected.Count}";
            yield break;
        }

        foreach (var (operation, plain) in document.Operations.Zip(expected))
        {
            var read = new PlainOperation(
                operation.Method,
                operation.PathTemplate,
                operation.OperationId,
                operation.Parameters.Count,
                operation.RequestBody is not null,
                string.Join(',', operation.Responses.Select(response => response.Status))
            );
            if (read != plain)
            {
                yield return $"{name}: {read} instead of {plain}";
            }
        }
    }

    // Where a document is laid out in lines, the method stands on the line that is said.
    private static IEnumerable<string> WrongLines(
        string name,
        ImportedDocument document,
        byte[] bytes
    )
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        return document
            .Operations.Where(operation =>
                !lines[operation.Line - 1]
                    .Contains(operation.Method, StringComparison.OrdinalIgnoreCase)
            )
            .Select(operation =>
                $"{name}: {operation.Method} {operation.PathTemplate} is not on line {operation.Line}"
            );
    }

    private static List<string> Changes(string name, ImportedDocument before, byte[] served)
    {
        var result = SpecificationImport.Read(served, ImportLimits.Default);
        if (!result.IsRead)
        {
            return [$"{name}: {result.Problem}"];
        }

        var after = result.Document;
        var changes = before
            .Operations.Zip(after.Operations)
            .Where(pair => Summary(pair.First) != Summary(pair.Second))
            .Select(pair => $"{name}: {Summary(pair.First)} became {Summary(pair.Second)}")
            .ToList();
        if (before.Operations.Count != after.Operations.Count)
        {
            changes.Add(
                $"{name}: {before.Operations.Count} operations became {after.Operations.Count}"
            );
        }

        if (
            after.Servers.Single().Url != "https://gateway.example/team/api"
            || after.Operations.Any(operation => operation.Servers.Count > 0)
        )
        {
            changes.Add($"{name}: other servers than the gateway's");
        }

        if (
            after.Operations.Any(operation =>
                operation.Security.Single().Schemes.Single().Scheme != "apiKey_x-api-key"
            )
        )
        {
            changes.Add($"{name}: other security than the gateway's");
        }

        var errors = before
            .Findings.Where(finding => finding.Severity == FindingSeverity.Error)
            .Select(finding => finding.Code)
            .Distinct();
        changes.AddRange(
            after
                .Findings.Where(finding =>
                    finding.Severity == FindingSeverity.Error && !errors.Contains(finding.Code)
                )
                .Select(finding => $"{name}: {finding}")
        );
        return changes;
    }

    private static string Summary(ImportedOperation operation) =>
        $"{operation.Method} {operation.PathTemplate} {operation.OperationId} {operation.Deprecated} "
        + string.Join(
            ',',
            operation.Parameters.Select(parameter =>
                $"{parameter.Name}:{parameter.Place}:{parameter.Required}"
            )
        )
        + $" {operation.RequestBody?.Required} {string.Join(',', operation.RequestBody?.Content.Select(content => content.MediaType) ?? [])} "
        + string.Join(',', operation.Responses.Select(response => response.Status));

    private static bool IsSame(byte[] json, byte[] yaml)
    {
        var read = SourceText
            .Read(yaml, ImportLimits.Default, new(10), TestContext.Current.CancellationToken)
            .Document;
        return read is not null
            && JsonElement.DeepEquals(JsonElement.Parse(json), JsonElement.Parse(read.Json(0)));
    }
}
