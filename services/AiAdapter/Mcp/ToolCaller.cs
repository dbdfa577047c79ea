using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Mcp.Tools;
using ApiSvc.AiAdapter.Serving.Providers;
using Microsoft.Extensions.Options;

namespace ApiSvc.AiAdapter.Mcp;

/// <summary>
/// Calls an operation through the gateway with the caller's own credential: it is authenticated, limited and recorded there like any
/// call of the API.
/// </summary>
internal sealed class ToolCaller(IHttpClientFactory clients, IOptions<McpOptions> options)
{
    public const string Client = "mcp";

    // What a client proves itself with, whichever it uses; and the trace.
    private static readonly string[] Passed = ["Authorization", "X-Api-Key", "traceparent"];

    /// <summary>The result of <c>tools/call</c>; a refusal of the API is one that says so.</summary>
    public async Task<JsonObject> CallAsync(
        ToolSet set,
        Tool tool,
        JsonElement arguments,
        IHeaderDictionary headers,
        CancellationToken cancellationToken
    )
    {
        var (request, fault) = ToolRequest.Make(options.Value.Gateway!, set, tool, arguments);
        if (request is null)
        {
            return Failed(fault!);
        }

        using (request)
        {
            foreach (var name in Passed)
            {
                if (headers.TryGetValue(name, out var value))
                {
                    request.Headers.TryAddWithoutValidation(name, value.AsEnumerable());
                }
            }

            return await SendAsync(request, tool, cancellationToken);
        }
    }

    private async Task<JsonObject> SendAsync(
        HttpRequestMessage request,
        Tool tool,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.Timeout);
        try
        {
            using var http = clients.CreateClient(Client);
            using var answer = await http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                limit.Token
            );
            await using var body = await answer.Content.ReadAsStreamAsync(limit.Token);
            var bytes = await Bounded.ReadAsync(body, options.Value.MaxAnswerBytes, limit.Token);
            return bytes is null
                ? Failed($"The answer is longer than {options.Value.MaxAnswerBytes} bytes.")
                : Result(answer, bytes, tool);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"The API did not answer within {options.Value.Timeout}.");
        }
        catch (HttpRequestException)
        {
            return Failed("The API could not be reached.");
        }
    }

    private static JsonObject Result(HttpResponseMessage answer, byte[] body, Tool tool)
    {
        var type = answer.Content.Headers.ContentType?.MediaType ?? "";
        if (!answer.IsSuccessStatusCode)
        {
            return Failed(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The API answered {(int)answer.StatusCode} {answer.ReasonPhrase}: {Encoding.UTF8.GetString(body)}"
                )
            );
        }

        if (
            type.StartsWith("image/", StringComparison.Ordinal)
            || type.StartsWith("audio/", StringComparison.Ordinal)
        )
        {
            return Content(
                new()
                {
                    ["type"] = type.Split('/')[0],
                    ["data"] = Convert.ToBase64String(body),
                    ["mimeType"] = type,
                }
            );
        }

        var result = Content(TextOf(Encoding.UTF8.GetString(body)));
        if (tool.OutputSchema is not null && ObjectOf(body) is { } structured)
        {
            result["structuredContent"] = structured;
        }

        return result;
    }

    private static JsonObject? ObjectOf(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            // It is told as the text that it is.
            return null;
        }
    }

    private static JsonObject Failed(string why)
    {
        var result = Content(TextOf(why));
        result["isError"] = true;
        return result;
    }

    private static JsonObject TextOf(string text) => new() { ["type"] = "text", ["text"] = text };

    private static JsonObject Content(JsonObject one) => new() { ["content"] = new JsonArray(one) };
}
