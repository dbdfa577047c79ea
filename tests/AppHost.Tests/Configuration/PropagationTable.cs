using System.Globalization;

namespace ApiSvc.AppHost.Tests.Configuration;

/// <summary>Times from the commit of a change until something, by what; written to <c>TestResults/configuration.md</c>.</summary>
internal sealed class PropagationTable
{
    private readonly List<(string What, List<TimeSpan> Times)> _rows = [];

    public void Add(string what, IEnumerable<TimeSpan> times) =>
        _rows.Add((what, [.. times.Order()]));

    /// <summary>The smallest time that so many of all are not above.</summary>
    /// <param name="sorted">The smallest first.</param>
    /// <param name="share">Above 0, at most 1.</param>
    public static TimeSpan Quantile(IReadOnlyList<TimeSpan> sorted, double share) =>
        sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    public async Task<string> WriteAsync()
    {
        string[] lines =
        [
            "| Configuration: from commit until | times | median ms | p99 ms | max ms |",
            "| --- | --- | --- | --- | --- |",
            .. _rows.Select(r =>
                $"| {r.What} | {r.Times.Count} | {Cell(r.Times, 0.5)} | {Cell(r.Times, 0.99)} | {Cell(r.Times, 1)} |"
            ),
            "",
        ];
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "TestResults"));
        var text = string.Join('\n', lines);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "configuration.md"), text);
        return text;
    }

    private static string Cell(List<TimeSpan> times, double share) =>
        Quantile(times, share).TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
}
