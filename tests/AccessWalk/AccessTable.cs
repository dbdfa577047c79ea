using System.Globalization;

namespace ApiSvc.AccessWalk;

/// <summary>Who is answered what, a line for each call; people review the file it is compared with.</summary>
internal sealed class AccessTable(IReadOnlyList<string> beside, IReadOnlyList<string> roles)
{
    private const string Update = "UPDATE_ACCESS";

    private readonly List<(string Name, IReadOnlyList<string> Row)> _rows = [];

    public void Add(string name, IReadOnlyList<string> row) => _rows.Add((name, row));

    public IEnumerable<string> CompareWith(string file)
    {
        var lines = Lines().ToList();
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllLines(file, lines);
        }

        var expected = File.Exists(file) ? File.ReadAllLines(file) : [];
        var name = Path.GetFileName(file);
        return expected
            .Except(lines)
            .Select(l => $"{name} says: {l}")
            .Concat(lines.Except(expected).Select(l => $"{name} does not say: {l}"));
    }

    private IEnumerable<string> Lines()
    {
        var width = _rows.Max(r => r.Name.Length);
        yield return $"# Who is answered what. Reviewed by people; written with {Update}=1.";
        yield return $"# Behind {nameof(Walker.Admin)}: roles with a team of their own, each with one of everything.";
        yield return Line("#", [.. Enum.GetNames<Walker>(), .. roles], width);
        foreach (var (name, row) in _rows.OrderBy(r => Place(r.Name), StringComparer.Ordinal))
        {
            yield return Line(name, row, width);
        }

        yield return "# Endpoints beside the management APIs, for everybody or inside of the suite:";
        foreach (var name in beside)
        {
            yield return name;
        }
    }

    // By path, so that what is about one thing stands together; gRPC after REST.
    private static string Place(string name) =>
        name.Split(' ', 2) is [var method, var path] && path.StartsWith('/')
            ? $"{path} {method}"
            : $"~{name}";

    private static string Line(string name, IReadOnlyList<string> row, int width) =>
        string.Create(
                CultureInfo.InvariantCulture,
                $"{name.PadRight(width)}  {string.Join(' ', row.Select(c => c.PadRight(16)))}"
            )
            .TrimEnd();
}
