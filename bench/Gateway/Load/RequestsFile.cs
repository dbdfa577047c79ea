using System.Globalization;
using ApiSvc.Bench.Gateway.Feeds;

namespace ApiSvc.Bench.Gateway.Load;

/// <summary>Files of calls, as <c>wrk.lua</c> reads them.</summary>
internal static class RequestsFile
{
    // The sender holds a request for each.
    private const int MostKeys = 100_000;

    public static string Open(Scratch scratch) =>
        scratch.Write("open.requests", $"{Landscape.OpenPath} - 0\n");

    /// <summary>Calls of the open API at another path, with a body of this length or none.</summary>
    public static string Open(Scratch scratch, string path, int bodyBytes) =>
        scratch.Write(
            $"open-{Path.GetFileName(path)}-{bodyBytes}.requests",
            string.Create(CultureInfo.InvariantCulture, $"/open/{path} - {bodyBytes}\n")
        );

    /// <summary>Calls with the landscape's keys in random order, each where it is good.</summary>
    public static string Keyed(Scratch scratch, Landscape landscape, string name)
    {
        var keys = Enumerable.Range(0, landscape.Keys.Count).ToArray();
        new Random(1).Shuffle(keys);
        return scratch.Write(
            $"{name}.requests",
            string.Concat(
                keys.Take(MostKeys).Select(k => $"{landscape.PathFor(k)} {landscape.Keys[k]} 0\n")
            )
        );
    }
}
