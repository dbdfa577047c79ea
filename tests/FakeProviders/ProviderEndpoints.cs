using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ApiSvc.FakeProviders;

/// <summary>The addresses of every family, each below the family's name.</summary>
internal static class ProviderEndpoints
{
    public static void MapProviders(this WebApplication app)
    {
        var received = new Received();
        app.Use(next => context => received.KeepAsync(context, next));
        app.MapGet("/received", received.AnswerAsync);
        app.MapPost("/ollama/api/embed", FakeEmbeddings.OllamaAsync);
        app.MapPost("/openai-chat/{**path}", context => ByBodyAsync(context, new FakeChat()));
        app.MapPost("/azure-openai/{**path}", context => ByBodyAsync(context, new FakeChat()));
        app.MapPost(
            "/openai-responses/{**path}",
            context => ByBodyAsync(context, new FakeResponses())
        );
        app.MapPost("/anthropic/{**path}", context => ByBodyAsync(context, new FakeMessages()));
        app.MapPost("/ollama/api/chat", OllamaAsync);
        app.MapPost("/gemini/models/{call}", GeminiAsync);
        app.MapPost("/bedrock/model/{model}/{call}", BedrockAsync);
    }

    private static async Task ByBodyAsync(HttpContext context, FakeWire wire)
    {
        if (context.Request.Path.Value!.EndsWith("/embeddings", StringComparison.Ordinal))
        {
            await FakeEmbeddings.OpenAiAsync(context);
            return;
        }

        var body = await BodyAsync(context);
        await AnswerAsync(context, wire, (string)body["model"]!, (bool?)body["stream"] ?? false);
    }

    private static async Task OllamaAsync(HttpContext context)
    {
        var body = await BodyAsync(context);
        await AnswerAsync(
            context,
            new FakeOllama(),
            (string)body["model"]!,
            (bool?)body["stream"] ?? true
        );
    }

    private static Task GeminiAsync(HttpContext context)
    {
        var call = (string)context.Request.RouteValues["call"]!;
        var at = call.LastIndexOf(':');
        if (call[at..] == ":batchEmbedContents")
        {
            return FakeEmbeddings.GeminiAsync(context);
        }

        return AnswerAsync(
            context,
            new FakeGemini(),
            Uri.UnescapeDataString(call[..at]),
            call[(at + 1)..] == "streamGenerateContent"
        );
    }

    private static Task BedrockAsync(HttpContext context) =>
        AnswerAsync(
            context,
            new FakeBedrock(),
            Uri.UnescapeDataString((string)context.Request.RouteValues["model"]!),
            (string)context.Request.RouteValues["call"]! == "converse-stream"
        );

    private static async Task<JsonNode> BodyAsync(HttpContext context) =>
        await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted)
        ?? throw new JsonException("The body is null.");

    private static async Task AnswerAsync(
        HttpContext context,
        FakeWire wire,
        string model,
        bool stream
    )
    {
        var behaviour = Behaviour.Read(model);
        var response = context.Response;
        if (behaviour.Status is { } status)
        {
            response.StatusCode = status;
            if (behaviour.RetryAfter is { } seconds)
            {
                response.Headers.RetryAfter = $"{seconds}";
            }

            var (type, error) = wire.Error(status);
            if (type is not null)
            {
                response.Headers["x-amzn-errortype"] = type;
            }

            response.ContentType = "application/json";
            await response.Body.WriteAsync(error, context.RequestAborted);
        }
        else if (behaviour.Ending == Ending.Html)
        {
            response.ContentType = "text/html";
            await response.WriteAsync(
                "<html>Sign in to this network</html>",
                context.RequestAborted
            );
        }
        else if (stream)
        {
            response.ContentType = wire.StreamType;
            await StreamAsync(context, wire.Stream(behaviour.Script), behaviour);
        }
        else
        {
            response.ContentType = "application/json";
            var whole = wire.Whole(behaviour.Script);
            await StreamAsync(
                context,
                [whole[..(whole.Length / 2)], whole[(whole.Length / 2)..]],
                behaviour
            );
        }
    }

    private static async Task StreamAsync(
        HttpContext context,
        IReadOnlyList<byte[]> events,
        Behaviour behaviour
    )
    {
        var gone = context.RequestAborted;
        for (var i = 0; i < events.Count; i++)
        {
            if (i == behaviour.At && await EndAsync(context, behaviour.Ending))
            {
                return;
            }

            if (behaviour.Pause > TimeSpan.Zero)
            {
                await Task.Delay(behaviour.Pause, gone);
            }

            await context.Response.Body.WriteAsync(events[i], gone);
            if (behaviour.OneByOne)
            {
                await context.Response.Body.FlushAsync(gone);
            }
        }
    }

    private static async Task<bool> EndAsync(HttpContext context, Ending ending)
    {
        await context.Response.Body.FlushAsync(context.RequestAborted);
        switch (ending)
        {
            case Ending.Break:
                context.Abort();
                return true;
            case Ending.Cut:
                return true;
            case Ending.Hang:
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return true;
            case Ending.Malformed:
                await context.Response.Body.WriteAsync(
                    Encoding.UTF8.GetBytes("data: {\"choices\": oops\n\n"),
                    context.RequestAborted
                );
                return false;
            default:
                return false;
        }
    }
}
