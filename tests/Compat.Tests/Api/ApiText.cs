namespace ApiSvc.Compat.Tests.Api;

/// <summary>Reads the files in <c>compat/api</c>; their format is described in the README there.</summary>
internal static class ApiText
{
    public static IReadOnlyList<ApiType> Parse(IEnumerable<string> lines)
    {
        var types = new List<ApiType>();
        List<string>? members = null;
        foreach (var line in lines)
        {
            if (string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#'))
            {
                continue;
            }

            if (!char.IsWhiteSpace(line[0]))
            {
                members = [];
                types.Add(ParseType(line.Trim(), members));
            }
            else
            {
                (members ?? throw new FormatException($"A member before any type: {line}")).Add(
                    line.Trim()
                );
            }
        }

        return types;
    }

    private static ApiType ParseType(string line, List<string> members)
    {
        var (declaration, constraints) = Cut(line, " where ");
        if (constraints.Length > 0)
        {
            constraints = "where " + constraints;
        }

        // A delegate's line has no bases, but its default values may have anything.
        var (head, bases) = Cut(declaration, " : ");
        return new(head, SplitList(bases), constraints, members);
    }

    private static (string Before, string After) Cut(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[(at + mark.Length)..]);
    }

    /// <summary>Splits at the commas that are not inside angle brackets.</summary>
    private static List<string> SplitList(string text)
    {
        var parts = new List<string>();
        int depth = 0,
            start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
            else
            {
                depth += text[i] switch
                {
                    '<' or '(' => 1,
                    '>' or ')' => -1,
                    _ => 0,
                };
            }
        }

        return parts is [""] ? [] : parts;
    }
}
