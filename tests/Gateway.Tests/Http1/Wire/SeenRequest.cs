using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>A request that an upstream believes to see.</summary>
/// <param name="Method">The first word of the request line.</param>
/// <param name="Target">The second word.</param>
/// <param name="Fields">Names in lower case, in their order.</param>
/// <param name="Body">Without the chunks' framing.</param>
/// <param name="Trailers">Behind the last chunk.</param>
/// <param name="Raw">All its bytes, as they came.</param>
/// <param name="IsComplete">Whether all of it has come.</param>
internal sealed record SeenRequest(
    string Method,
    string Target,
    IReadOnlyList<(string Name, string Value)> Fields,
    byte[] Body,
    IReadOnlyList<(string Name, string Value)> Trailers,
    byte[] Raw,
    bool IsComplete
)
{
    public string Text => Encoding.Latin1.GetString(Raw);

    public string BodyText => Encoding.Latin1.GetString(Body);

    /// <summary>The field's lines, joined; null without one.</summary>
    public string? this[string name]
    {
        get
        {
            var values = Fields.Where(f => f.Name == name).Select(f => f.Value).ToList();
            return values.Count == 0 ? null : string.Join(", ", values);
        }
    }
}
