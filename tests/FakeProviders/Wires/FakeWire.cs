using System.Text;
using System.Text.Json.Nodes;

namespace ApiSvc.FakeProviders;

/// <summary>One family's wire, written independently of the product: what a provider would send.</summary>
internal abstract class FakeWire(string family)
{
    public static IReadOnlyList<FakeWire> All { get; } =
    [
        new FakeChat(),
        new FakeResponses(),
        new FakeMessages(),
        new FakeGemini(),
        new FakeBedrock(),
        new FakeOllama(),
    ];

    public string Family => family;

    /// <summary>Whether its answers carry signatures of reasoning.</summary>
    public virtual bool Signs => false;

    /// <summary>Whether it counts reasoning apart from other output.</summary>
    public virtual bool CountsReasoning => true;

    public virtual bool CountsCached => true;

    public virtual bool CountsWritten => false;

    /// <summary>Whether calls have ids at all.</summary>
    public virtual bool HasIds => true;

    /// <summary>The content type of its streams.</summary>
    public virtual string StreamType => "text/event-stream";

    /// <summary>The events of a stream, each with its framing.</summary>
    public abstract IReadOnlyList<byte[]> Stream(Script script);

    public abstract byte[] Whole(Script script);

    /// <summary>A refusal: a header for its type, where it has one, and a body.</summary>
    public abstract (string? Type, byte[] Body) Error(int status);

    public static byte[] Join(IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    public override string ToString() => family;

    protected static (string? Type, byte[] Body) OpenAiError(int status) =>
        (
            null,
            Json(
                new JsonObject
                {
                    ["error"] = new JsonObject
                    {
                        ["message"] = $"Scripted {status}",
                        ["type"] = status < 500 ? "invalid_request_error" : "server_error",
                        ["param"] = null,
                        ["code"] = status switch
                        {
                            401 => "invalid_api_key",
                            402 => "insufficient_quota",
                            404 => "model_not_found",
                            429 => "rate_limit_exceeded",
                            _ => null,
                        },
                    },
                }
            )
        );

    protected static byte[] Json(JsonNode body) => Encoding.UTF8.GetBytes(body.ToJsonString());

    protected static byte[] Sse(JsonNode data, string? name = null) =>
        Encoding.UTF8.GetBytes(
            (name is null ? "" : $"event: {name}\n") + $"data: {data.ToJsonString()}\n\n"
        );
}
