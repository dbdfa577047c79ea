using System.Text.Json;
using System.Text.Json.Serialization;

namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>The wire form of a problem (RFC 9457 section 3.1 with the members <c>id</c> and <c>errors</c>).</summary>
/// <param name="Id">The trace id: the same id is in the log.</param>
internal sealed record ProblemDocument(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Id,
    IReadOnlyList<Violation>? Errors
)
{
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        };
}
