using ApiSvc.AiAdapter.Formats.ChatCompletions;
using ApiSvc.AiAdapter.Formats.Messages;
using ApiSvc.AiAdapter.Formats.Responses;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Serving.Callers;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;
using ApiSvc.ServiceDefaults.Endpoints;
using Microsoft.AspNetCore.Mvc;

namespace ApiSvc.AiAdapter.Serving;

/// <summary>
/// What applications call, through the gateway: OpenAI's and Anthropic's paths. Whoever calls was let through by the gateway, which
/// signs who it is; errors are in the format of the path.
/// </summary>
internal static class ServingEndpoints
{
    /// <summary>Before every path; the gateway puts it there.</summary>
    public const string Prefix = "/serve";

    private static readonly InboundFormat First = MessagesFamily.Inbound(MessagesVersion.First);
    private static readonly InboundFormat Second = MessagesFamily.Inbound(MessagesVersion.Second);

    public static void MapServing(this IEndpointRouteBuilder app)
    {
        var routes = app.MapGroup($"{Prefix}/v1")
            .ServeOn("http")
            .AllowAnonymousCaller()
            // Bounded by Serving:MaxRequestBytes, with an error in the client's format.
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .ExcludeFromDescription();
        routes.MapPost(
            "/chat/completions",
            (HttpContext http, CallServices services, CallerTokens callers) =>
                ServeModelAsync(http, services, callers, ChatFamily.Inbound, "chat")
        );
        routes.MapPost(
            "/responses",
            (HttpContext http, CallServices services, CallerTokens callers) =>
                ServeModelAsync(http, services, callers, ResponsesFamily.Inbound, "responses")
        );
        routes.MapGet("/responses", RefuseWebSocket);
        routes.MapPost("/messages", MessagesAsync);
        routes.MapPost("/embeddings", EmbeddingsAsync);
        routes.MapModels();
    }

    /// <summary>Who calls; null, and the call is answered: nobody that a gateway let through.</summary>
    public static async ValueTask<AiCaller?> CallerAsync(
        HttpContext http,
        CallerTokens callers,
        Func<Failure, string, ErrorReply> write
    )
    {
        var caller = await callers.FindAsync(http);
        if (caller is null)
        {
            await http.SendAsync(
                write(
                    new(
                        FailureKind.Authentication,
                        "Models are called through the gateway, which says who calls."
                    ),
                    http.TraceIdentifier
                )
            );
        }

        return caller;
    }

    private static Task ServeModelAsync(
        HttpContext http,
        CallServices services,
        CallerTokens callers,
        InboundFormat inbound,
        string format
    ) =>
        ServeAsync(
            http,
            services,
            callers,
            inbound.WriteError,
            caller => new ModelCall(http, caller, services, inbound, format)
        );

    private static async Task ServeAsync(
        HttpContext http,
        CallServices services,
        CallerTokens callers,
        Func<Failure, string, ErrorReply> write,
        Func<AiCaller, ServedCall> begin
    )
    {
        if (await CallerAsync(http, callers, write) is not { } caller)
        {
            return;
        }

        using var body = new PooledBuffer(4096);
        if (await ReadAsync(http, body, services.Options, write))
        {
            using var call = begin(caller);
            await call.RunAsync(body.Memory);
        }
    }

    private static async Task MessagesAsync(
        HttpContext http,
        CallServices services,
        CallerTokens callers
    )
    {
        var asked = http.Request.Headers[MessagesVersions.Header].ToString();
        if (MessagesVersions.Read(asked) is { } version)
        {
            var inbound = version == MessagesVersion.Second ? Second : First;
            await ServeModelAsync(http, services, callers, inbound, "messages");
            return;
        }

        await http.SendAsync(
            First.WriteProblems(
                [
                    new(
                        MessagesVersions.Header,
                        $"'{asked}' is no version of this API: there are {MessagesVersions.Word(MessagesVersion.First)} and {MessagesVersions.Word(MessagesVersion.Second)}.",
                        ProblemReason.Invalid
                    ),
                ],
                http.TraceIdentifier
            )
        );
    }

    private static Task EmbeddingsAsync(
        HttpContext http,
        CallServices services,
        CallerTokens callers
    ) =>
        ServeAsync(
            http,
            services,
            callers,
            ChatErrors.Write,
            caller => new EmbeddingCall(http, caller, services)
        );

    // Agents that would rather speak over a WebSocket then do without.
    private static Task RefuseWebSocket(HttpContext http)
    {
        http.Response.Headers.Upgrade = "HTTP/1.1";
        http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
        return Task.CompletedTask;
    }

    private static async Task<bool> ReadAsync(
        HttpContext http,
        PooledBuffer body,
        ServingOptions options,
        Func<Failure, string, ErrorReply> write
    )
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted);
            foreach (var part in result.Buffer)
            {
                if (body.Length + part.Length > options.MaxRequestBytes)
                {
                    // What else comes is not read.
                    http.Response.Headers.Connection = "close";
                    await http.SendAsync(
                        write(
                            new(
                                FailureKind.TooLarge,
                                $"The request is longer than {options.MaxRequestBytes} bytes."
                            ),
                            http.TraceIdentifier
                        )
                    );
                    return false;
                }

                body.Append(part.Span);
            }

            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return true;
            }
        }
    }
}
