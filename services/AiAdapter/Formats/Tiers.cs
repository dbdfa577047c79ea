using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Formats;

/// <summary>The words for service tiers.</summary>
internal static class Tiers
{
    public static ServiceTier Read(string? word) =>
        word switch
        {
            "flex" => ServiceTier.Flex,
            "priority" or "fast" => ServiceTier.Priority,
            "batch" => ServiceTier.Batch,
            _ => ServiceTier.Default,
        };

    public static string Word(ServiceTier tier) =>
        tier switch
        {
            ServiceTier.Flex => "flex",
            ServiceTier.Priority => "priority",
            ServiceTier.Batch => "batch",
            _ => "default",
        };
}
