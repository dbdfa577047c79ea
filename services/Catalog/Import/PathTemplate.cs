using System.Text;

namespace ApiSvc.Catalog.Import;

/// <summary>
/// A path template, looked at for what a request can be matched to (OpenAPI 3.1 section 4.8.2): gateways bring paths into
/// one form before they look at them, and refuse some (docs/decisions/0006).
/// </summary>
/// <param name="Parameters">Names in braces, in order.</param>
/// <param name="Shape">The template in that form, without the names: two of one shape match the same requests.</param>
/// <param name="Problem">Why no request can match it; null if one can.</param>
internal sealed record PathTemplate(IReadOnlyList<string> Parameters, string Shape, string? Problem)
{
    public static PathTemplate Parse(string path)
    {
        var names = new List<string>();
        var shape = new StringBuilder();
        var problem = path.StartsWith('/') ? null : "it does not begin with '/'";
        var literal = 0;
        for (var i = 0; i < path.Length; i++)
        {
            if (
                path[i] == '{'
                && path.IndexOf('}', i) is var end and > 0
                && !path.AsSpan(i + 1, end - i - 1).ContainsAny("{/")
            )
            {
                names.Add(path[(i + 1)..end]);
                problem ??= PathLiteral.Append(path[literal..i], shape);
                shape.Append("{}");
                problem ??= end == i + 1 ? "a parameter has no name" : null;
                i = end;
                literal = end + 1;
            }
            else if (path[i] is '{' or '}')
            {
                problem ??= "a brace has no counterpart in its segment";
            }
        }

        problem ??= PathLiteral.Append(path[literal..], shape);
        return new(names, shape.ToString(), problem ?? FindSegment(shape.ToString()));
    }

    private static string? FindSegment(string shape)
    {
        var segments = shape[1..].Split('/');
        foreach (var (i, segment) in segments.Index())
        {
            switch (segment)
            {
                case "" when i < segments.Length - 1:
                    return "it has an empty segment, which requests lose";
                case "." or "..":
                    return $"a segment is '{segment}', which requests lose";
                case [';', ..] or ['.', ';', ..] or ['.', '.', ';', ..]:
                    return "a segment begins with a semicolon or is a dot before one, which servers read in two ways";
                default:
                    break;
            }
        }

        return null;
    }
}
