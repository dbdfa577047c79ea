using System.Globalization;

namespace ApiSvc.Bench.Gateway.Processes;

/// <summary>Which processors what runs on, as <c>taskset -c</c> takes them.</summary>
internal static class Cores
{
    /// <summary>What is measured has the first alone.</summary>
    public const string Proxy = "0";

    /// <summary>Load, upstream, broker and this program share the others.</summary>
    public static string Others { get; } = Count > 2 ? $"1-{Count - 1}" : "1";

    // Environment.ProcessorCount is that of this process's own mask.
    private static int Count =>
        File.ReadLines("/proc/cpuinfo")
            .Count(l => l.StartsWith("processor", StringComparison.Ordinal));

    public static void Check()
    {
        if (Count < 2)
        {
            throw new BenchException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Two processors are needed, one for what is measured; there is {Count}."
                )
            );
        }
    }
}
