using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.AiAdapter.Outcomes;

/// <summary>Compares what a client last saw with an object's version.</summary>
/// <returns>Null, or the problem.</returns>
internal delegate ApiProblem? Precondition(long version);

/// <summary>Failures that several parts of the management API have.</summary>
internal static class Problems
{
    public static ApiProblem NameTaken(string what, string name) =>
        ApiProblem.Conflict("name-taken", $"There is a {what} '{name}' already.");

    /// <summary>409: something that is still there needs it.</summary>
    public static ApiProblem InUse(string detail) => ApiProblem.Conflict("in-use", detail);
}
