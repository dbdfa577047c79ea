using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Documents.Plain;

namespace ApiSvc.AppHost.Tests.Documents;

/// <summary>Compares what an import made with a plain walk over the document.</summary>
internal static class ImportCheck
{
    /// <returns>What is not as it should be.</returns>
    public static IEnumerable<string> Faults(
        List<PlainOperation> expected,
        List<JsonNode> listed,
        JsonNode imported
    )
    {
        if ((int)imported["version"]!["operationCount"]! != expected.Count)
        {
            yield return $"{imported["version"]!["operationCount"]} operations are said instead of {expected.Count}.";
        }

        var shapes = new HashSet<(string, string)>();
        var right = expected
            .Select(o => (o.Method, o.Path, Routable: o.HasPath && shapes.Add((o.Method, o.Shape))))
            .ToList();
        var seen = listed.Select(o =>
            (
                Method: (string)o["method"]!,
                Path: (string)o["pathTemplate"]!,
                Routable: (bool)o["routable"]!
            )
        );
        foreach (var (is_, should) in seen.Except(right).Zip(right.Except(seen)))
        {
            yield return $"{is_} is listed instead of {should}.";
        }

        // Nothing is left out silently: at each such path, or such operation, stands why.
        var left = expected.Zip(right).Where(p => !p.Second.Routable).Select(p => p.First).ToList();
        var told = imported["findings"]!
            .AsArray()
            .Where(f =>
                (string)f!["severity"]! == "warning"
                && (string)f["code"]! is "unroutable_path" or "same_path"
                && (int)f["line"]! > 0
            )
            .Select(f => (string)f!["pointer"]!)
            .ToHashSet(StringComparer.Ordinal);
        foreach (
            var operation in left.Where(o =>
                !told.Contains(PathOf(o))
                && !told.Contains($"{PathOf(o)}/{o.Method.ToLowerInvariant()}")
            )
        )
        {
            yield return $"{operation.Method} {operation.Path} is not served, and no finding says so.";
        }
    }

    private static string PathOf(PlainOperation operation) =>
        "/paths/"
        + operation
            .Path.Replace("~", "~0", StringComparison.Ordinal)
            .Replace("/", "~1", StringComparison.Ordinal);
}
