using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ApiSvc.Bench.Gateway.Reports;

/// <summary>Prints results, and keeps them in <c>bench/results/</c>.</summary>
internal sealed class Report(bool json)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public void Write(ScenarioResult result)
    {
        var (line, table) = (JsonOf(result), TableOf(result));
        Console.WriteLine(json ? line : table);
        var folder = Directory.CreateDirectory(Repository.File("bench", "results")).FullName;
        var name = Path.Combine(
            folder,
            string.Create(Invariant, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{result.Scenario}")
        );
        File.WriteAllText(name + ".json", line + "\n");
        File.WriteAllText(name + ".md", table);
    }

    private static string JsonOf(ScenarioResult result) =>
        JsonSerializer.Serialize(
            new
            {
                scenario = result.Scenario,
                rounds = result.Rounds,
                subjects = result.Subjects.ToDictionary(
                    s => s.Key,
                    s => s.Value.ToDictionary(n => n.Key, n => Math.Round(n.Value, 3))
                ),
                ratios = result.Ratios.ToDictionary(r => r.Key, r => Math.Round(r.Value, 3)),
                aims = result.Aims.Select(a => new
                {
                    what = a.What,
                    value = Math.Round(a.Value, 3),
                    most = a.Most,
                    kept = a.IsKept,
                }),
            }
        );

    private static string TableOf(ScenarioResult result)
    {
        var text = new StringBuilder();
        text.Append(Invariant, $"\n{result.Scenario}, median of {result.Rounds} round(s)\n\n");
        var numbers = result.Subjects.Values.SelectMany(s => s.Keys).Distinct().ToList();
        text.Append(Invariant, $"| | {string.Join(" | ", numbers.Select(Heading))} |\n");
        text.Append(Invariant, $"| --- |{string.Concat(numbers.Select(_ => " ---: |"))}\n");
        foreach (var (subject, values) in result.Subjects)
        {
            var cells = numbers.Select(n => values.TryGetValue(n, out var v) ? Format(v) : "");
            text.Append(Invariant, $"| {subject} | {string.Join(" | ", cells)} |\n");
        }

        text.Append('\n');
        foreach (var (name, ratio) in result.Ratios)
        {
            var (lowest, highest) = result.Ranges[name];
            text.Append(Invariant, $"{name}: {ratio:0.00} ({lowest:0.00} to {highest:0.00})\n");
        }

        foreach (var aim in result.Aims)
        {
            text.Append(
                Invariant,
                $"{(aim.IsKept ? "kept" : "MISSED")}: {aim.What} {Format(aim.Value)}, at most {Format(aim.Most)}\n"
            );
        }

        return text.ToString();
    }

    // The unit comes last in a number's name.
    private static string Heading(string number) =>
        number
            .Replace("_us", " µs", StringComparison.Ordinal)
            .Replace("_ms", " ms", StringComparison.Ordinal)
            .Replace("_mb", " MB", StringComparison.Ordinal)
            .Replace('_', ' ');

    private static string Format(double value) =>
        value.ToString(Math.Abs(value) < 100 ? "0.00" : "#,##0", Invariant);
}
