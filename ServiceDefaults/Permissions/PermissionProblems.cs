using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>The answers to calls that are not permitted.</summary>
internal static class PermissionProblems
{
    /// <summary>No usable access token.</summary>
    public static ApiProblem Unauthenticated { get; } =
        new()
        {
            Status = 401,
            Code = "unauthenticated",
            Detail = "Send an access token for this service: 'Authorization: Bearer …'.",
        };

    /// <summary>Tokens cannot be checked for now.</summary>
    public static ApiProblem TokensUnavailable { get; } =
        new()
        {
            Status = 503,
            Code = "tokens-unavailable",
            Detail = "The keys of the token issuer are not known yet; try again.",
            RetryAfter = 5,
        };

    /// <summary>The caller lacks a permission that it may know about.</summary>
    public static ApiProblem Forbidden(string permission) =>
        new()
        {
            Status = 403,
            Code = "forbidden",
            Detail = $"This needs the permission '{permission}'.",
        };
}
