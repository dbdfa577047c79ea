using System.Text;

namespace ApiSvc.Interop.Cases;

/// <summary>The results as a table in Markdown.</summary>
internal sealed class Matrix
{
    private readonly Dictionary<(string Case, Route Route), bool> _results = [];

    public void Add(Case subject, Route route, bool passed) =>
        _results[(subject.Name, route)] = passed;

    public override string ToString()
    {
        var notes = new List<string>();
        List<string[]> rows = [["case", .. Route.All.Select(route => route.ToString())]];
        foreach (var subject in CaseList.All)
        {
            rows.Add([subject.Name, .. Route.All.Select(route => Cell(subject, route, notes))]);
        }

        var widths = Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(row => row[i].Length));
        var text = new StringBuilder();
        foreach (var (number, row) in rows.Index())
        {
            text.AppendLine($"| {string.Join(" | ", row.Zip(widths, (cell, width) => cell.PadRight(width)))} |");
            if (number == 0)
            {
                text.AppendLine($"| {string.Join(" | ", widths.Select(width => new string('-', width)))} |");
            }
        }

        foreach (var (number, note) in notes.Index())
        {
            text.AppendLine().AppendLine($"({number + 1}) {note}");
        }

        return text.ToString();
    }

    private string Cell(Case subject, Route route, List<string> notes)
    {
        if (subject.NotBetween(route) is { } reason)
        {
            if (!notes.Contains(reason))
            {
                notes.Add(reason);
            }

            return $"– ({notes.IndexOf(reason) + 1})";
        }

        return _results.TryGetValue((subject.Name, route), out var passed)
            ? passed
                ? "ok"
                : "FAILED"
            : "not run";
    }
}
