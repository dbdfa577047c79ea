namespace ApiSvc.Bench;

internal static class MedianExtensions
{
    public static double Median<T>(this IReadOnlyCollection<T> values, Func<T, double> of)
    {
        var sorted = values.Select(of).Order().ToList();
        return sorted.Count % 2 == 1
            ? sorted[sorted.Count / 2]
            : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
