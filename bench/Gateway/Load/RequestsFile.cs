using ApiSvc.Bench.Gateway.Feeds;

namespace ApiSvc.Bench.Gateway.Load;

/// <summary>Files of calls: a path a line, and the key after a space.</summary>
internal static class RequestsFile
{
    // The sender holds a request for each.
    private const int MostKeys = 100_000;

    public static string Open(Scratch scratch) =>
        scratch.Write("open.requests", $"{Landscape.OpenPath}\n");

    /// <summary>Calls with the landscape's keys in random order, each where it is good.</summary>
    public static string Keyed(Scratch scratch, Landscape landscape, string name)
    {
        var keys = Enumerable.Range(0, landscape.Keys.Count).ToArray();
        new Random(1).Shuffle(keys);
        return scratch.Write(
            $"{name}.requests",
            string.Concat(
                keys.Take(MostKeys).Select(k => $"{landscape.PathFor(k)} {landscape.Keys[k]}\n")
            )
        );
    }
}
