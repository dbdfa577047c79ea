namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Names
{
    // Longer ones are no typing mistakes, and comparing them costs the product of the lengths.
    private const int LongestCompared = 64;

    /// <returns><paramref name="message"/>, with the nearest known name if one is near.</returns>
    public static string Suggest(string message, string given, IEnumerable<string> known) =>
        Nearest(given, known) is { } name ? $"{message} Did you mean '{name}'?" : message;

    public static string? Nearest(string given, IEnumerable<string> known)
    {
        if (given.Length > LongestCompared)
        {
            return null;
        }

        var allowed = given.Length <= 3 ? 1 : 2;
        return known
            .Select(name =>
                (name, distance: Distance(given.ToLowerInvariant(), name.ToLowerInvariant()))
            )
            .Where(c => c.distance <= allowed)
            .OrderBy(c => c.distance)
            .Select(c => c.name)
            .FirstOrDefault();
    }

    // Levenshtein's, one row at a time.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(
                    Math.Min(above, row[j - 1]) + 1,
                    diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)
                );
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
