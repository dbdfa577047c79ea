using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.Analytics.Queries;

/// <summary>Collects what is wrong with a query.</summary>
/// <param name="place">Where a parameter, by its name in REST, is in the request.</param>
internal sealed class QueryCheck(Func<string, string> place)
{
    private readonly List<Violation> _found = [];

    /// <summary>For query strings.</summary>
    public static QueryCheck ForRest() => new(name => "query:" + name);

    /// <summary>For the messages of the contract.</summary>
    public static QueryCheck ForMessage() =>
        new(name =>
            name switch
            {
                "from" or "to" => "#/range/" + name,
                "by" or "metric" or "interval" or "limit" or "side" or "where" or "percentiles" =>
                    "#/" + name,
                "p" => "#/percentiles",
                "status" => "#/statuses",
                "pathContains" => "#/path_contains",
                "api" or "version" or "operation" or "environment" or "statusClass" => Filters,
                "application" or "subscription" or "plan" => Filters,
                _ => "#/where/"
                    + System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name),
            }
        );

    private const string Filters = "#/filters";

    public bool IsRight => _found.Count == 0;

    public ApiProblem Problem => ApiProblem.Invalid(_found);

    public void Add(string name, string code, string detail) =>
        _found.Add(new(place(name), code, detail));

    /// <exception cref="ApiProblemException">Something is wrong; all of it is named.</exception>
    public void ThrowIfWrong()
    {
        if (!IsRight)
        {
            throw new ApiProblemException(Problem);
        }
    }
}
