namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Location">
/// Where: <c>#/items/0/name</c> (a JSON pointer into the body, RFC 6901 section 6), <c>query:limit</c>,
/// <c>path:apiId</c> or <c>header:If-Match</c>.
/// </param>
/// <param name="Code">A stable word for programs, such as <c>required</c> or <c>unknown_property</c>.</param>
/// <param name="Detail">What is wrong and what would be right, in a sentence.</param>
public sealed record Violation(string Location, string Code, string Detail);
