using System.Text.Json;
using System.Text.Json.Nodes;

namespace ApiSvc.AiAdapter.Mcp;

/// <summary>A message of JSON-RPC 2.0.</summary>
/// <param name="Id">Null for a notification.</param>
/// <param name="Method">Null for an answer.</param>
internal sealed record RpcMessage(JsonNode? Id, string? Method, JsonElement Params)
{
    /// <returns>The message; null where it is none.</returns>
    public static RpcMessage? Read(JsonElement root)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("jsonrpc", out var version)
            || version.ValueKind != JsonValueKind.String
            || version.GetString() != "2.0"
        )
        {
            return null;
        }

        var hasId = root.TryGetProperty("id", out var id);
        if (hasId && id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            return null;
        }

        var method =
            root.TryGetProperty("method", out var name) && name.ValueKind == JsonValueKind.String
                ? name.GetString()
                : null;
        var isAnswer = root.TryGetProperty("result", out _) || root.TryGetProperty("error", out _);
        return method is null && !isAnswer
            ? null
            : new(
                hasId ? JsonNode.Parse(id.GetRawText()) : null,
                method,
                root.TryGetProperty("params", out var parameters) ? parameters : default
            );
    }
}

/// <summary>Why a request has no result; JSON-RPC 2.0 section 5.1.</summary>
internal sealed record RpcError(int Code, string Message)
{
    public static RpcError Parse { get; } = new(-32700, "The body is no JSON.");

    public static RpcError Invalid { get; } =
        new(-32600, "It is no message of JSON-RPC 2.0. Batches are not taken.");

    public static RpcError NoMethod(string method) =>
        new(-32601, $"There is no method '{method}' here.");

    public static RpcError Params(string what) => new(-32602, what);
}

/// <summary>Answers.</summary>
internal static class RpcAnswer
{
    public static JsonObject Result(JsonNode? id, JsonObject result) =>
        new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id?.DeepClone(),
            ["result"] = result,
        };

    public static JsonObject Error(JsonNode? id, RpcError error) =>
        new()
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id?.DeepClone(),
            ["error"] = new JsonObject { ["code"] = error.Code, ["message"] = error.Message },
        };
}
