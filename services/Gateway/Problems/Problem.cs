namespace ApiSvc.Gateway.Problems;

/// <summary>
/// Why the gateway answers itself (RFC 9457). What differs per call is only the id, so that one object serves all calls.
/// </summary>
/// <param name="Status">The status.</param>
/// <param name="Name">The last part of the type's address. Stable: programs test it.</param>
/// <param name="Title">The same for every problem of the type.</param>
/// <param name="Detail">What is wrong here and what would be right; never internals.</param>
internal sealed record Problem(int Status, string Name, string Title, string Detail)
{
    /// <summary>What every type begins with; the last part is <see cref="Name"/>.</summary>
    public const string TypePrefix = "https://apisvc.dev/problems/";

    public string Type => TypePrefix + Name;
}
