using System.Text.Json;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.Analytics.Calls;

/// <summary>
/// An answer of server-sent events (HTML standard, section 9.2): each call is one, with its id; a comment comes when there
/// was none for a while, so that nobody between takes the connection for dead.
/// </summary>
internal sealed class EventStream(IAsyncEnumerable<IReadOnlyList<CallDocument>> calls) : IResult
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);
    private static readonly JsonSerializerOptions Json = CallJson.Options;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var token = httpContext.RequestAborted;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        await using var source = calls.GetAsyncEnumerator(token);
        var next = source.MoveNextAsync().AsTask();
        while (true)
        {
            if (await Task.WhenAny(next, Task.Delay(Quiet, token)) != next)
            {
                token.ThrowIfCancellationRequested();
                await response.WriteAsync(": quiet\n\n", token);
                await response.Body.FlushAsync(token);
                continue;
            }

            if (!await next)
            {
                return;
            }

            if (source.Current.Count == 0)
            {
                await response.WriteAsync(": listening\n\n", token);
            }

            foreach (var call in source.Current)
            {
                await response.WriteAsync(
                    $"event: call\nid: {call.Id}\ndata: {JsonSerializer.Serialize(call, Json)}\n\n",
                    token
                );
            }

            await response.Body.FlushAsync(token);
            next = source.MoveNextAsync().AsTask();
        }
    }
}

/// <summary>Calls as JSON outside of an ordinary answer: as there, on one line, without what they have not.</summary>
internal static class CallJson
{
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            DefaultIgnoreCondition = System
                .Text
                .Json
                .Serialization
                .JsonIgnoreCondition
                .WhenWritingNull,
        };
        RestJson.Apply(options);
        return options;
    }
}
