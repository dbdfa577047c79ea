using System.Globalization;
using ApiSvc.AiAdapter.Configuration;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Serving.Caching;
using ApiSvc.Contracts.AiUsage.V1;

namespace ApiSvc.AiAdapter.Serving;

/// <content>Answers that are given again, where a model's owner has it so.</content>
internal sealed partial class ModelCall
{
    private CacheKey? _key;
    private TimeSpan _keepFor;
    private CopyingWriter? _copy;

    public override void Dispose()
    {
        _copy?.Dispose();
        base.Dispose();
    }

    protected override async ValueTask<bool> ReplayAsync(ServedModel model)
    {
        if (model.CacheFor is not { } keepFor)
        {
            return false;
        }

        _keepFor = keepFor;
        _key = CacheKey.Of(Facts.Caller, model.Router, _request.Source);
        if (Services.Cache.Find(_key) is not { } answer)
        {
            Facts.Cache = AiCacheStatus.Miss;
            return false;
        }

        HasBegun = true;
        Facts.Cache = AiCacheStatus.Hit;
        Facts.Finish = answer.Finish;
        Facts.Status = StatusCodes.Status200OK;
        Facts.Outcome = AiOutcome.Completed;
        Record();
        Http.Response.Headers["x-apisvc-model"] = answer.Model;
        var left = (long)(answer.ExpiresAt - Services.Time.GetUtcNow()).TotalSeconds;
        TellCache(string.Create(CultureInfo.InvariantCulture, $"hit; ttl={left}"));
        if (_request.Stream)
        {
            SetStreamHeaders();
            await Http.Response.Body.WriteAsync(answer.Body, Http.RequestAborted);
        }
        else
        {
            await Http.SendJsonAsync(answer.Body);
        }

        return true;
    }

    // RFC 9211.
    private void TellCache(string what) =>
        Http.Response.Headers["Cache-Status"] = $"apisvc-ai; {what}";

    private void SetStreamHeaders()
    {
        var headers = Http.Response.Headers;
        headers.ContentType = "text/event-stream; charset=utf-8";
        headers.CacheControl = "no-cache";
        headers["X-Accel-Buffering"] = "no";
    }

    // Only what came to its end: another try may do better than what was filtered or stopped.
    private void Keep(byte[]? body)
    {
        if (
            _key is not null
            && body is not null
            && _tap is { Failed: null, Finished: { } finish }
            && finish.Reason is not (FinishReason.Filtered or FinishReason.Paused)
        )
        {
            Services.Cache.Put(
                _key,
                new(
                    body,
                    Http.Response.Headers["x-apisvc-model"].ToString(),
                    finish.Reason,
                    Services.Time.GetUtcNow() + _keepFor
                )
            );
        }
    }
}
