namespace ApiSvc.Catalog.Policies;

/// <summary>What holds where several levels set a policy of the same type.</summary>
internal enum PolicyCombination
{
    /// <summary>All of them hold, the widest level first.</summary>
    All,

    /// <summary>Only that of the narrowest level.</summary>
    Narrowest,
}

/// <summary>The types of policies that the gateway has.</summary>
/// <param name="Name">As in the gateway's configuration; a node needs the feature <c>policy.&lt;name&gt;</c>.</param>
/// <param name="Combination">Over the levels.</param>
/// <param name="Repeatable">Whether one level may set several.</param>
internal sealed record PolicyType(string Name, PolicyCombination Combination, bool Repeatable);

/// <summary>The known types.</summary>
internal static class PolicyTypes
{
    public static PolicyType IpRules { get; } = new("ip-rules", PolicyCombination.All, false);

    public static PolicyType Authentication { get; } =
        new("authentication", PolicyCombination.Narrowest, false);

    public static PolicyType Limit { get; } = new("limit", PolicyCombination.All, true);

    public static PolicyType Quota { get; } = new("quota", PolicyCombination.All, true);

    public static PolicyType Cors { get; } = new("cors", PolicyCombination.Narrowest, false);

    public static PolicyType Headers { get; } = new("headers", PolicyCombination.All, false);

    public static PolicyType Path { get; } = new("path", PolicyCombination.Narrowest, false);

    public static PolicyType Upstream { get; } =
        new("upstream", PolicyCombination.Narrowest, false);

    /// <summary>In the order in which they are shown.</summary>
    public static IReadOnlyList<PolicyType> All { get; } =
    [IpRules, Authentication, Limit, Quota, Cors, Headers, Path, Upstream];

    /// <summary>The type of that name, or null.</summary>
    public static PolicyType? Find(string name) => All.FirstOrDefault(type => type.Name == name);
}
