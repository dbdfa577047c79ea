using ApiSvc.Gateway.Exchanges;
using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.Gateway.Problems;

/// <summary>
/// Why the gateway answers itself (RFC 9457). What differs per call is only the id, so that one object serves all calls.
/// </summary>
/// <param name="status">The status.</param>
/// <param name="name">The last part of the type's address. Stable: programs test it.</param>
/// <param name="title">The same for every problem of the type.</param>
/// <param name="detail">What is wrong here and what would be right; never internals.</param>
internal sealed class Problem(int status, string name, string title, string detail)
{
    private Answer? _answer;
    private byte[]? _beforeId;

    public int Status => status;

    public string Name => name;

    public string Title => title;

    public string Detail => detail;

    /// <summary>The answer that says it, one for all calls.</summary>
    public Answer Answer => _answer ??= new(Status, this);

    /// <summary>Its document up to where the id comes, one for all calls.</summary>
    public ReadOnlyMemory<byte> BeforeId => _beforeId ??= ProblemJson.BeforeId(this);

    public string Type => ProblemTypes.Prefix + Name;
}
