using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;

namespace ApiSvc.Identity.Roles;

/// <summary>What stands against changes of roles, and against giving them.</summary>
internal static class RoleProblems
{
    // So many are named; of more there is only the number.
    private const int Named = 10;

    public static ApiProblem NameTaken { get; } =
        ApiProblem.Conflict("role-name-taken", "Another role has this name.") with
        {
            GrpcCode = StatusCode.AlreadyExists,
        };

    public static ApiProblem BuiltIn { get; } =
        ApiProblem.Conflict(
            "role-built-in",
            "This role is built in and stays as it is. Make another one."
        ) with
        {
            GrpcCode = StatusCode.FailedPrecondition,
        };

    public static ApiProblem InUse(IReadOnlyList<string> holders)
    {
        var more = holders.Count > Named ? $" and {holders.Count - Named} more" : "";
        return ApiProblem.Conflict(
            "role-in-use",
            $"Take the role from those who have it first: {string.Join(", ", holders.Take(Named))}{more}."
        ) with
        {
            GrpcCode = StatusCode.FailedPrecondition,
        };
    }

    /// <summary>Somebody would give what it does not have.</summary>
    public static ApiProblem Escalation(IEnumerable<string> permissions) =>
        new()
        {
            Status = StatusCodes.Status403Forbidden,
            Code = "permission-escalation",
            Detail =
                $"Nobody gives permissions that they do not have themselves: {string.Join(", ", permissions)}.",
        };
}
