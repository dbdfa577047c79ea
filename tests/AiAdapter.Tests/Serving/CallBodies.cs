namespace ApiSvc.AiAdapter.Tests.Serving;

/// <summary>The same question in each format.</summary>
internal static class CallBodies
{
    public static IReadOnlyList<string> Paths { get; } =
    ["chat/completions", "responses", "messages"];

    public static object Of(string path, string model, bool stream) =>
        path switch
        {
            "chat/completions" => new
            {
                model,
                stream,
                messages = new[] { new { role = "user", content = "How are you?" } },
            },
            "responses" => new
            {
                model,
                stream,
                input = "How are you?",
            },
            _ => new
            {
                model,
                stream,
                max_tokens = 100,
                messages = new[] { new { role = "user", content = "How are you?" } },
            },
        };

    /// <summary>Type of the error that a body holds.</summary>
    public static string ErrorType(Reply reply) =>
        reply.Json.GetProperty("error").GetProperty("type").GetString()!;
}
