using System.Text.Json;

namespace ApiSvc.AiAdapter.Serving.Usage;

/// <summary>Words as records have them: <c>rate_limited</c>.</summary>
internal static class Snake
{
    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
