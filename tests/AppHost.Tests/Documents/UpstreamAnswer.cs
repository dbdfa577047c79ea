namespace ApiSvc.AppHost.Tests.Documents;

/// <summary>What an upstream answers.</summary>
/// <param name="Fields">Without the framing.</param>
/// <param name="IsChunked">Whether its length is told at the end only.</param>
internal sealed record UpstreamAnswer(
    int Status,
    IReadOnlyList<(string Name, string Value)> Fields,
    byte[] Body,
    bool IsChunked
)
{
    /// <summary>Whether an answer of this status has a body (RFC 9110 section 6.4.1).</summary>
    public bool HasBody => Status is not (204 or 205 or 304);
}
