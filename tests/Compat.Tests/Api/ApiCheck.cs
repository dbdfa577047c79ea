namespace ApiSvc.Compat.Tests.Api;

/// <summary>Whether all that a stand-in offers is what the package offers.</summary>
internal static class ApiCheck
{
    /// <summary>Finds what <paramref name="offered"/> has and <paramref name="package"/> has not.</summary>
    /// <returns>The lines to look up in the package's documentation: each type's, then its members', indented.</returns>
    public static IReadOnlyList<string> Missing(
        IEnumerable<ApiType> offered,
        IReadOnlyList<ApiType> package
    )
    {
        var known = package.ToLookup(type => type.Head);
        var missing = new List<string>();
        foreach (var type in offered)
        {
            var same = known[type.Head]
                .Where(candidate =>
                    candidate.Constraints == type.Constraints
                    && !type.Bases.Except(candidate.Bases).Any()
                )
                .ToList();
            var members = type.Members.Except(same.SelectMany(candidate => candidate.Members));
            var lines = members.Select(member => "    " + member).ToList();
            if (same.Count == 0 || lines.Count > 0)
            {
                missing.Add(same.Count == 0 ? type.Line : same[0].Line);
                missing.AddRange(lines);
            }
        }

        return missing;
    }
}
