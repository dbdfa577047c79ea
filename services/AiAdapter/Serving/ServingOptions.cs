using System.ComponentModel.DataAnnotations;

namespace ApiSvc.AiAdapter.Serving;

/// <summary>How calls to models are carried; section <c>Serving</c>.</summary>
internal sealed class ServingOptions
{
    public const string Section = "Serving";

    /// <summary>The longest request, in bytes. 32 MiB: prompts with images and documents in them.</summary>
    [Range(1 << 10, 1 << 30)]
    public int MaxRequestBytes { get; set; } = 32 << 20;

    /// <summary>The longest answer that comes in one piece, in bytes. Streams have no such limit.</summary>
    [Range(1 << 10, 1 << 30)]
    public int MaxAnswerBytes { get; set; } = 64 << 20;

    /// <summary>The longest image or document that is fetched for a provider that takes none by address, in bytes.</summary>
    [Range(1 << 10, 1 << 28)]
    public int MaxMediaBytes { get; set; } = 20 << 20;

    /// <summary>How much of answers is kept to be given again, for models that have it so, in bytes.</summary>
    [Range(1 << 20, 1L << 40)]
    public long MaxCacheBytes { get; set; } = 64 << 20;

    /// <summary>
    /// From the request to the provider to the head of its answer, which models that think before they speak send late.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Between two pieces of an answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(2);
}
