using System.Globalization;

namespace ApiSvc.Bench.Ingest;

/// <summary>What the command line asks for.</summary>
/// <param name="Calls">So many in each round, and in the day.</param>
/// <param name="Rounds">Live rounds; 0: only the day and its queries.</param>
/// <param name="Json">One line of JSON instead of a table.</param>
/// <param name="Keep">Whether the server with the day outlives the run.</param>
/// <param name="Of">Connection string of a day that was kept: only the queries are asked, of it.</param>
internal sealed record BenchOptions(int Calls, int Rounds, bool Json, bool Keep, string? Of)
{
    private const string OfOption = "--of=";

    public static BenchOptions Read(IReadOnlyList<string> arguments)
    {
        var numbers = arguments
            .Where(a => !a.StartsWith('-'))
            .Select(a => int.Parse(a, CultureInfo.InvariantCulture))
            .ToList();
        return new(
            numbers.Count > 0 ? numbers[0] : 1_000_000,
            numbers.Count > 1 ? numbers[1] : 3,
            arguments.Contains("--json"),
            arguments.Contains("--keep"),
            arguments
                .FirstOrDefault(a => a.StartsWith(OfOption, StringComparison.Ordinal))
                ?[OfOption.Length..]
        );
    }
}
