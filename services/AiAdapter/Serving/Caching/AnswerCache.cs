using ApiSvc.AiAdapter.Hub;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ApiSvc.AiAdapter.Serving.Caching;

/// <summary>An answer as it was sent.</summary>
/// <param name="Model">Provider and model that gave it.</param>
internal sealed record CachedAnswer(
    byte[] Body,
    string Model,
    FinishReason Finish,
    DateTimeOffset ExpiresAt
);

/// <summary>
/// Answers to give again to equal requests, in this process's memory and within <see cref="ServingOptions.MaxCacheBytes"/>: what
/// does not fit is not kept.
/// </summary>
internal sealed class AnswerCache(IOptions<ServingOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>The longest answer that is kept, in bytes.</summary>
    public const int MaxAnswer = 1 << 20;

    // Of a key and its place, about.
    private const int Overhead = 512;

    private readonly MemoryCache _answers = new(
        new MemoryCacheOptions { SizeLimit = options.Value.MaxCacheBytes }
    );

    /// <summary>Null: there is none, or none any more.</summary>
    public CachedAnswer? Find(CacheKey key) =>
        _answers.TryGetValue(key, out CachedAnswer? answer) && answer!.ExpiresAt > time.GetUtcNow()
            ? answer
            : null;

    public void Put(CacheKey key, CachedAnswer answer)
    {
        var keep = answer.ExpiresAt - time.GetUtcNow();
        if (answer.Body.Length > MaxAnswer || keep <= TimeSpan.Zero)
        {
            return;
        }

        _answers.Set(
            key,
            answer,
            new MemoryCacheEntryOptions
            {
                Size = answer.Body.Length + Overhead,
                AbsoluteExpirationRelativeToNow = keep,
            }
        );
    }

    public void Dispose() => _answers.Dispose();
}
