using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats;

/// <summary>The words for how hard to think, which most formats share, and what they are as a budget.</summary>
internal static class Efforts
{
    private static readonly string[] Words =
    [
        "none",
        "minimal",
        "low",
        "medium",
        "high",
        "xhigh",
        "max",
    ];

    public static string Word(Effort effort) => Words[(int)effort];

    public static Effort? Read(RequestFields fields, string name) =>
        fields.Word(
            name,
            ("none", Effort.None),
            ("minimal", Effort.Minimal),
            ("low", Effort.Low),
            ("medium", Effort.Medium),
            ("high", Effort.High),
            ("xhigh", Effort.XHigh),
            ("max", Effort.Max)
        );

    /// <summary>Thinking tokens for a model that has budgets and a client that names an effort.</summary>
    public static long Budget(Effort effort) =>
        effort switch
        {
            Effort.None => 0,
            Effort.Minimal or Effort.Low => 1024,
            Effort.Medium => 2048,
            Effort.High => 4096,
            Effort.XHigh => 8192,
            _ => 16384,
        };

    /// <summary>The effort a budget amounts to.</summary>
    public static Effort Of(long budget) =>
        budget switch
        {
            <= 0 => Effort.None,
            <= 1024 => Effort.Low,
            <= 4095 => Effort.Medium,
            <= 8191 => Effort.High,
            <= 16383 => Effort.XHigh,
            _ => Effort.Max,
        };
}
