using System.Text;

namespace ApiSvc.Catalog.Import;

/// <summary>A path template, looked at for what a request can be matched to (OpenAPI 3.1 section 4.8.2).</summary>
/// <param name="Parameters">Names in braces, in order.</param>
/// <param name="Shape">The template without the names: two of one shape match the same requests.</param>
/// <param name="Problem">Why no request can match it; null if one can.</param>
internal sealed record PathTemplate(IReadOnlyList<string> Parameters, string Shape, string? Problem)
{
    public static PathTemplate Parse(string path)
    {
        var names = new List<string>();
        var shape = new StringBuilder();
        var problem = path.StartsWith('/') ? null : "it does not begin with '/'";
        for (var i = 0; i < path.Length; i++)
        {
            switch (path[i])
            {
                case '{'
                    when path.IndexOf('}', i) is var end and > 0
                        && !path.AsSpan(i + 1, end - i - 1).ContainsAny("{/"):
                    names.Add(path[(i + 1)..end]);
                    shape.Append("{}");
                    problem ??= end == i + 1 ? "a parameter has no name" : null;
                    i = end;
                    break;
                case '{' or '}':
                    problem ??= "a brace has no counterpart in its segment";
                    shape.Append(path[i]);
                    break;
                case '?' or '#':
                    problem ??= $"'{path[i]}' and what follows it are not part of a path";
                    shape.Append(path[i]);
                    break;
                default:
                    shape.Append(path[i]);
                    break;
            }
        }

        return new(names, shape.ToString(), problem);
    }
}
