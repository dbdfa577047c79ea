using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>How an answer's end is told (RFC 9112 section 6.3).</summary>
internal enum AnswerEnd
{
    Head,
    Length,
    Chunks,
    Close,
}

/// <summary>An answer as it came.</summary>
/// <param name="Version">As in the status line: <c>HTTP/1.1</c>.</param>
/// <param name="Status">Three digits.</param>
/// <param name="Fields">In their order, values without the white space around them.</param>
/// <param name="Body">Without its chunks' framing.</param>
/// <param name="Trailers">Those behind the last chunk.</param>
/// <param name="End">How its end was told.</param>
internal sealed record WireAnswer(
    string Version,
    int Status,
    IReadOnlyList<(string Name, string Value)> Fields,
    byte[] Body,
    IReadOnlyList<(string Name, string Value)> Trailers,
    AnswerEnd End
)
{
    /// <summary>The 1xx answers before it.</summary>
    public IReadOnlyList<WireAnswer> Before { get; init; } = [];

    public string Text => Encoding.Latin1.GetString(Body);

    /// <summary>The last part of the problem's type, empty in the answer to HEAD; null if it is none.</summary>
    public string? Problem =>
        this["Content-Type"] != "application/problem+json" ? null
        : Body.Length == 0 ? ""
        : Text.Split("https://apisvc.dev/problems/")[1].Split('"')[0];

    /// <summary>The field's lines, joined; null without one.</summary>
    public string? this[string name]
    {
        get
        {
            var values = Fields
                .Where(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Select(f => f.Value)
                .ToList();
            return values.Count == 0 ? null : string.Join(", ", values);
        }
    }
}
