namespace ApiSvc.Interop.Cases;

/// <summary>The results as a table in Markdown.</summary>
internal sealed class Matrix
{
    private readonly Dictionary<(string Case, Route Route), bool> _results = [];

    public bool IsEmpty => _results.Count == 0;

    public void Add(InteropCase subject, Route route, bool passed) =>
        _results[(subject.Name, route)] = passed;

    public override string ToString()
    {
        var notes = new List<string>();
        List<string[]> rows =
        [
            ["case", .. Route.All.Select(route => route.ToString())],
            .. CaseList.All.Select(subject =>
                (string[])[subject.Name, .. Route.All.Select(route => Cell(subject, route, notes))]
            ),
        ];
        int[] widths =
        [
            .. Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(row => row[i].Length)),
        ];
        rows.Insert(1, [.. widths.Select(width => new string('-', width))]);

        var lines = rows.Select(row =>
            "| " + string.Join(" | ", row.Zip(widths, (cell, width) => cell.PadRight(width))) + " |"
        );
        var footnotes = notes.Select((note, i) => $"\n({i + 1}) {note}");
        return string.Join('\n', lines.Concat(footnotes)) + '\n';
    }

    private string Cell(InteropCase subject, Route route, List<string> notes)
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
