namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>Carries a problem through code that can only throw, such as parameter binding; translated at the edge.</summary>
public sealed class ApiProblemException(ApiProblem problem) : Exception(problem.Detail)
{
    /// <summary>The problem to answer with.</summary>
    public ApiProblem Problem { get; } = problem;
}
