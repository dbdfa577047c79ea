using ApiSvc.AppHost.Tests.Documents.Plain;

namespace ApiSvc.AppHost.Tests.Documents.Samples;

/// <summary>Chooses operations that differ: first by method, then by where and how they take their parameters.</summary>
internal static class Variety
{
    /// <summary>How many operations of a document are called.</summary>
    public const int Wanted = 5;

    // Making requests of thousands of operations would tell nothing more.
    private const int Candidates = 60;

    private const int MostOfAll = 12;

    /// <summary>As many as wanted, and some more where they bring what the others do not have.</summary>
    public static List<SampleRequest> Choose(
        IReadOnlyList<PlainOperation> operations,
        SampleRequests requests
    )
    {
        var open = operations
            .GroupBy(o => o.Method)
            .SelectMany(Spread)
            .Select(requests.TryMake)
            .OfType<SampleRequest>()
            .ToList();
        var chosen = new List<SampleRequest>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.Count > 0 && chosen.Count < MostOfAll)
        {
            var best = open.MaxBy(r =>
                r.Traits.Count(t => !seen.Contains(t))
                + (seen.Contains(r.Operation.Method) ? 0 : 100)
            )!;
            if (chosen.Count >= Wanted && best.Traits.All(seen.Contains))
            {
                break;
            }

            chosen.Add(best);
            open.Remove(best);
            seen.UnionWith(best.Traits);
        }

        return chosen;
    }

    // From all over the document, and always the same ones.
    private static IEnumerable<PlainOperation> Spread(IEnumerable<PlainOperation> operations)
    {
        var all = operations.ToList();
        var step = Math.Max(1, all.Count / Candidates);
        return all.Where((_, i) => i % step == 0);
    }
}
