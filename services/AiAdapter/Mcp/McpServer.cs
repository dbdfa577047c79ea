using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Mcp.Tools;

namespace ApiSvc.AiAdapter.Mcp;

/// <summary>
/// A server of the Model Context Protocol over the tools of one API: initialize, ping, tools/list and tools/call. It keeps nothing of
/// a client, so that any replica answers any request.
/// </summary>
internal sealed class McpServer(ToolCaller caller)
{
    /// <summary>Versions of the protocol that are spoken, the newest first.</summary>
    public static IReadOnlyList<string> Versions { get; } =
    ["2025-11-25", "2025-06-18", "2025-03-26"];

    private const int PageSize = 100;

    /// <summary>Answers a request.</summary>
    public async Task<JsonObject> AnswerAsync(
        RpcMessage request,
        ToolSet set,
        IHeaderDictionary headers,
        CancellationToken cancellationToken
    ) =>
        request.Method switch
        {
            "initialize" => RpcAnswer.Result(request.Id, Initialize(request.Params, set)),
            "ping" => RpcAnswer.Result(request.Id, []),
            "tools/list" => List(request, set),
            "tools/call" => await CallAsync(request, set, headers, cancellationToken),
            _ => RpcAnswer.Error(request.Id, RpcError.NoMethod(request.Method ?? "")),
        };

    private static JsonObject Initialize(JsonElement parameters, ToolSet set)
    {
        var asked = Text(parameters, "protocolVersion");
        return new()
        {
            ["protocolVersion"] = Versions.Contains(asked, StringComparer.Ordinal)
                ? asked
                : Versions[0],
            ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
            ["serverInfo"] = new JsonObject
            {
                ["name"] = set.Title,
                ["version"] = set.Version.Length > 0 ? set.Version : "1",
            },
        };
    }

    private static JsonObject List(RpcMessage request, ToolSet set)
    {
        var cursor = Text(request.Params, "cursor");
        var start = 0;
        if (
            cursor is not null
            && !(
                int.TryParse(cursor, System.Globalization.CultureInfo.InvariantCulture, out start)
                && start > 0
                && start < set.Tools.Count
            )
        )
        {
            return RpcAnswer.Error(request.Id, RpcError.Params("The cursor is none of this list."));
        }

        var page = set.Tools.Skip(start).Take(PageSize).ToList();
        var result = new JsonObject { ["tools"] = new JsonArray([.. page.Select(Describe)]) };
        if (start + page.Count < set.Tools.Count)
        {
            result["nextCursor"] = (start + page.Count).ToString(
                System.Globalization.CultureInfo.InvariantCulture
            );
        }

        return RpcAnswer.Result(request.Id, result);
    }

    private static JsonObject Describe(Tool tool)
    {
        var isSafe = tool.Method is "GET" or "HEAD";
        var described = new JsonObject
        {
            ["name"] = tool.Name,
            ["inputSchema"] = tool.InputSchema.DeepClone(),
            ["annotations"] = new JsonObject
            {
                ["readOnlyHint"] = isSafe,
                ["destructiveHint"] = tool.Method is "DELETE" or "PUT" or "PATCH",
                ["idempotentHint"] = isSafe || tool.Method is "PUT" or "DELETE",
                ["openWorldHint"] = true,
            },
        };
        if (tool.Title is { } title)
        {
            described["title"] = title;
        }

        if (tool.Description is { } description)
        {
            described["description"] = description;
        }

        if (tool.OutputSchema is { } output)
        {
            described["outputSchema"] = output.DeepClone();
        }

        return described;
    }

    private async Task<JsonObject> CallAsync(
        RpcMessage request,
        ToolSet set,
        IHeaderDictionary headers,
        CancellationToken cancellationToken
    )
    {
        if (Text(request.Params, "name") is not { } name || set.Find(name) is not { } tool)
        {
            return RpcAnswer.Error(
                request.Id,
                RpcError.Params(
                    $"There is no tool '{Text(request.Params, "name")}'; tools/list names those that there are."
                )
            );
        }

        var arguments = request.Params.TryGetProperty("arguments", out var given) ? given : default;
        return RpcAnswer.Result(
            request.Id,
            await caller.CallAsync(set, tool, arguments, headers, cancellationToken)
        );
    }

    private static string? Text(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object
        && from.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
