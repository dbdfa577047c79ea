using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Serving;
using ApiSvc.AiAdapter.Serving.Callers;
using ApiSvc.AiAdapter.Serving.Providers;
using ApiSvc.ServiceDefaults.Endpoints;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.AiAdapter.Mcp;

/// <summary>
/// <c>/serve/mcp/{versionId}</c>: the Model Context Protocol over Streamable HTTP. Each POST is answered with JSON; there is no stream
/// to open by GET and no session to end by DELETE (405, as the transport allows).
/// </summary>
internal static class McpEndpoints
{
    private const string VersionHeader = "MCP-Protocol-Version";
    private const int MaxRequest = 1 << 20;

    public static void MapMcp(this IEndpointRouteBuilder app)
    {
        var routes = app.MapGroup($"{ServingEndpoints.Prefix}/mcp")
            .ServeOn("http")
            .AllowAnonymousCaller()
            .ExcludeFromDescription();
        routes.MapPost("/{version}", PostAsync);
    }

    private static async Task<IResult> PostAsync(
        string version,
        HttpContext http,
        CallerTokens callers,
        IToolSets sets,
        McpServer server
    )
    {
        if (await callers.FindAsync(http) is not { } caller)
        {
            return Problem(
                StatusCodes.Status401Unauthorized,
                "unauthenticated",
                "MCP servers are called through the gateway, which says who calls."
            );
        }

        if (Refuse(http.Request) is { } refusal)
        {
            return refusal;
        }

        if (
            !Id<VersionKind>.TryParse(version, out var id)
            || await sets.FindAsync(id, caller.ApiTeam, http.RequestAborted) is not { } set
        )
        {
            return ApiProblem.NotFound;
        }

        var (message, error) = await ReadAsync(http);
        if (message is null)
        {
            return Json(RpcAnswer.Error(null, error!), StatusCodes.Status400BadRequest);
        }

        // Notifications, and answers to what was never asked.
        if (message.Id is null || message.Method is null)
        {
            return Results.StatusCode(StatusCodes.Status202Accepted);
        }

        return Json(
            await server.AnswerAsync(message, set, http.Request.Headers, http.RequestAborted)
        );
    }

    private static ApiProblem? Refuse(HttpRequest request)
    {
        var accepts = request.Headers.Accept.ToString();
        if (
            !accepts.Contains("*/*", StringComparison.Ordinal)
            && !(
                accepts.Contains("application/json", StringComparison.OrdinalIgnoreCase)
                && accepts.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            return Problem(
                StatusCodes.Status406NotAcceptable,
                "not-acceptable",
                "Accept must name application/json and text/event-stream."
            );
        }

        if (!request.HasJsonContentType())
        {
            return Problem(
                StatusCodes.Status415UnsupportedMediaType,
                "unsupported-media-type",
                "The body is application/json."
            );
        }

        var version = request.Headers[VersionHeader].ToString();
        return version.Length > 0 && !McpServer.Versions.Contains(version, StringComparer.Ordinal)
            ? Problem(
                StatusCodes.Status400BadRequest,
                "protocol-version",
                $"'{version}' is no version of the protocol that is spoken here: {string.Join(", ", McpServer.Versions)}."
            )
            : null;
    }

    private static async Task<(RpcMessage? Message, RpcError? Error)> ReadAsync(HttpContext http)
    {
        var body = await Bounded.ReadAsync(http.Request.Body, MaxRequest, http.RequestAborted);
        if (body is null)
        {
            return (null, new(-32600, $"The message is longer than {MaxRequest} bytes."));
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return RpcMessage.Read(document.RootElement.Clone()) is { } message
                ? (message, null)
                : (null, RpcError.Invalid);
        }
        catch (JsonException)
        {
            return (null, RpcError.Parse);
        }
    }

    private static ApiProblem Problem(int status, string code, string detail) =>
        new()
        {
            Status = status,
            Code = code,
            Detail = detail,
        };

    private static IResult Json(JsonObject answer, int status = StatusCodes.Status200OK) =>
        Results.Text(answer.ToJsonString(), "application/json", statusCode: status);
}
