namespace ApiSvc.Gateway.Tests.Http1.Differential;

/// <summary>A valid request, and the answer that its upstream has for it.</summary>
/// <param name="Id">The value of its field <c>X-Case</c>.</param>
/// <param name="Method">Its method.</param>
/// <param name="Request">All its bytes.</param>
/// <param name="Answer">All the answer's bytes.</param>
/// <param name="EndsUpstream">Whether the upstream ends the connection behind the answer.</param>
/// <param name="Traits">What about it the two lanes are known to do differently.</param>
internal sealed record GeneratedCall(
    string Id,
    string Method,
    string Request,
    string Answer,
    bool EndsUpstream,
    IReadOnlySet<string> Traits
);
