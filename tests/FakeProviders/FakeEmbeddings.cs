using System.Text.Json.Nodes;

namespace ApiSvc.FakeProviders;

/// <summary>Embeddings of the families that have them: of each text its length, and a half.</summary>
internal static class FakeEmbeddings
{
    public static async Task OpenAiAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        var vectors = Texts(body["input"]!).Select(Vector).ToList();
        await WriteAsync(
            context,
            new()
            {
                ["object"] = "list",
                ["model"] = (string)body["model"]!,
                ["data"] = new JsonArray([
                    .. vectors.Select(
                        (vector, i) =>
                            new JsonObject
                            {
                                ["object"] = "embedding",
                                ["index"] = i,
                                ["embedding"] = vector,
                            }
                    ),
                ]),
                ["usage"] = new JsonObject { ["prompt_tokens"] = 7, ["total_tokens"] = 7 },
            }
        );
    }

    public static async Task GeminiAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        var texts = body["requests"]!
            .AsArray()
            .Select(r => (string)r!["content"]!["parts"]![0]!["text"]!);
        await WriteAsync(
            context,
            new()
            {
                ["embeddings"] = new JsonArray([
                    .. texts.Select(text => new JsonObject { ["values"] = Vector(text) }),
                ]),
            }
        );
    }

    public static async Task OllamaAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        await WriteAsync(
            context,
            new()
            {
                ["model"] = (string)body["model"]!,
                ["embeddings"] = new JsonArray([.. Texts(body["input"]!).Select(Vector)]),
                ["prompt_eval_count"] = 7,
            }
        );
    }

    private static IEnumerable<string> Texts(JsonNode input) =>
        input is JsonArray list ? list.Select(text => (string)text!) : [(string)input!];

    private static JsonArray Vector(string text) => [text.Length, 0.5];

    private static async Task<JsonNode> ReadAsync(HttpContext context) =>
        (await JsonNode.ParseAsync(context.Request.Body))!;

    private static Task WriteAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString());
    }
}
