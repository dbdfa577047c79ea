namespace ApiSvc.Interop;

/// <summary>What all implementations are set to.</summary>
internal static class Limits
{
    public const int MiB = 1024 * 1024;

    /// <summary>The largest message, in bytes.</summary>
    public const int MaxMessage = 12 * MiB;
}
