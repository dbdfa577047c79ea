using ApiSvc.AiAdapter.Translation;
using ApiSvc.Contracts.AiUsage.V1;

namespace ApiSvc.AiAdapter.Serving.Usage;

/// <summary>What an answer came to, in tokens.</summary>
internal static class AnswerCount
{
    /// <summary>What the provider counted; where the answer did not come to its end, what there was of it.</summary>
    /// <param name="tap">What passed of it.</param>
    /// <param name="promptTokens">Of the prompt, estimated.</param>
    public static (Hub.Usage Usage, AiCounting Counting) Of(CallTap tap, long promptTokens)
    {
        var usage = tap.Counted;
        var produced = TokenEstimate.OfBytes(tap.ProducedBytes);
        if (tap.Finished is not null && usage.Total > 0)
        {
            return (usage, AiCounting.Provider);
        }

        if (produced == 0 && usage.Total == 0)
        {
            return (usage, AiCounting.Unspecified);
        }

        var counting = AiCounting.Provider;
        if (usage.Input == 0)
        {
            usage = usage with { Input = promptTokens };
            counting = AiCounting.Estimate;
        }

        if (usage.Output < produced)
        {
            usage = usage with { Output = produced };
            counting = AiCounting.Estimate;
        }

        return (usage, counting);
    }
}
