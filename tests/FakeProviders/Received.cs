using System.Collections.Concurrent;
using System.Text;

namespace ApiSvc.FakeProviders;

/// <summary>
/// What providers were asked, for who wants to know whether all of a request arrived: <c>GET /received?model=…</c> answers the last
/// body in which the model's name stood, or whose path named it.
/// </summary>
internal sealed class Received
{
    private const int MostKept = 1000;

    private readonly ConcurrentQueue<(string Path, string Body)> _all = new();

    public async Task KeepAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            context.Request.EnableBuffering();
            using var reader = new StreamReader(
                context.Request.Body,
                Encoding.UTF8,
                leaveOpen: true
            );
            _all.Enqueue((context.Request.Path, await reader.ReadToEndAsync()));
            context.Request.Body.Position = 0;
            while (_all.Count > MostKept)
            {
                _all.TryDequeue(out _);
            }
        }

        await next(context);
    }

    public Task AnswerAsync(HttpContext context)
    {
        var model = context.Request.Query["model"].ToString();
        var found = _all.LastOrDefault(r =>
            r.Path.Contains(model, StringComparison.Ordinal)
            || r.Body.Contains(model, StringComparison.Ordinal)
        );
        return context.Response.WriteAsync(found.Body ?? "");
    }
}
