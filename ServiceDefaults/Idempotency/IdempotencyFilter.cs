using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Idempotency;

/// <summary>
/// Answers a repeated request with its first answer. It stands around the whole handler, binding and writing
/// included, so what is kept is what was on the wire; the answer is written only after it and the change of state
/// are committed, together.
/// </summary>
internal static class IdempotencyFilter
{
    public static RequestDelegate Around(RequestDelegate handler) =>
        context =>
            // Anonymous callers share one name: with a guessed key one would get the answer that another was given.
            context.GetCaller()
                is { Kind: not CallerKind.Anonymous }
            && context.Request.Headers.TryGetValue(IdempotencyKey.Header, out var header)
                ? IdempotencyKey.TryParse(header, out var key)
                    ? HandleAsync(context, key, handler)
                    : IdempotencyProblems.MalformedKey.ExecuteAsync(context)
                : handler(context);

    private static async Task HandleAsync(HttpContext context, string key, RequestDelegate handler)
    {
        var services = context.RequestServices;
        var options = services.GetRequiredService<IOptions<IdempotencyOptions>>().Value;
        var request = await IdempotentRequest.ReadAsync(
            context,
            context.GetCaller().Subject,
            key,
            options.LongestBody
        );
        if (request is null)
        {
            await IdempotencyProblems.TooLarge(options.LongestBody).ExecuteAsync(context);
            return;
        }

        var work = services.GetRequiredService<UnitOfWork>();
        var store = services.GetRequiredService<IdempotencyStore>();
        var db = await work.OpenAsync(context.RequestAborted);
        if (!await IdempotencyStore.TryLockAsync(db, request))
        {
            await IdempotencyProblems.UnderWay.ExecuteAsync(context);
        }
        else if (await store.FindAsync(db, request) is not { } answer)
        {
            await FirstAsync(context, handler, work, store, request);
        }
        else if (answer.Fingerprint.AsSpan().SequenceEqual(request.Fingerprint))
        {
            await answer.ReplayAsync(context);
        }
        else
        {
            await IdempotencyProblems.OtherRequest.ExecuteAsync(context);
        }
    }

    private static async Task FirstAsync(
        HttpContext context,
        RequestDelegate handler,
        UnitOfWork work,
        IdempotencyStore store,
        IdempotentRequest request
    )
    {
        work.Deferred = true;
        var body = await CaptureAsync(context, handler);
        if (work.CommitRequested)
        {
            // What failed may be repeated: only its own changes, such as an audit entry, are kept.
            if (context.Response.StatusCode is >= 200 and < 300)
            {
                await store.AddAsync(
                    await work.OpenAsync(context.RequestAborted),
                    request,
                    StoredAnswer.Of(context.Response, request.Fingerprint, body)
                );
            }

            await work.CommitNowAsync(context.RequestAborted);
        }

        await StoredAnswer.WriteBodyAsync(context, body);
    }

    private static async Task<byte[]> CaptureAsync(HttpContext context, RequestDelegate handler)
    {
        var original = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var body = new MemoryStream();
        var capture = new StreamResponseBodyFeature(body);
        context.Features.Set<IHttpResponseBodyFeature>(capture);
        try
        {
            await handler(context);
            await capture.Writer.FlushAsync(context.RequestAborted);
        }
        finally
        {
            context.Features.Set(original);
        }

        return body.ToArray();
    }
}
