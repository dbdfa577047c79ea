using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>
/// What binding found wrong with a request. Every parameter adds its share, and then the request is answered once
/// with all of it, before any handler runs.
/// </summary>
public sealed class RequestViolations
{
    // More than anyone reads; without an end, a small request could ask for a huge answer.
    private const int Kept = 100;
    private readonly bool _deferred;
    private readonly List<Violation> _found = [];
    private ApiProblem? _other;

    private RequestViolations(bool deferred) => _deferred = deferred;

    /// <summary>How many were found.</summary>
    public int Count { get; private set; }

    /// <summary>Whether looking for more is wasted: finding them costs more than sending them.</summary>
    public bool IsFull => Count >= Kept;

    /// <summary>The violations of a request.</summary>
    public static RequestViolations Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<RequestViolations>() is not { } violations)
        {
            violations = new(RequestCheck.Covers(context));
            context.Features.Set(violations);
        }

        return violations;
    }

    /// <summary>Adds one; see <see cref="Violation"/>.</summary>
    public void Add(string location, string code, string detail)
    {
        if (++Count <= Kept)
        {
            _found.Add(new(location, code, detail));
        }

        Refuse();
    }

    /// <summary>Adds a problem that is not of the request's form, such as a missing precondition; violations go first.</summary>
    public void Add(ApiProblem problem)
    {
        _other ??= problem;
        Refuse();
    }

    /// <summary>The answer, or null if all is well.</summary>
    public ApiProblem? ToProblem() =>
        Count == 0 ? _other : ApiProblem.Invalid(_found) with { Detail = Summary() };

    // Where no filter will look (a middleware, a nullable parameter), the first violation must not go unheard.
    private void Refuse()
    {
        if (!_deferred)
        {
            throw new ApiProblemException(ToProblem()!);
        }
    }

    private string Summary() =>
        Count switch
        {
            1 => "The request has one violation.",
            < Kept => $"The request has {Count} violations.",
            _ => $"The request has {Kept} violations or more; the first {Kept} are listed.",
        };
}
