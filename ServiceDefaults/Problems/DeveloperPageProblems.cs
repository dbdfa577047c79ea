using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>
/// In development a <c>WebApplication</c> shows exceptions on a page of its own, inside of <see cref="ProblemMiddleware"/>.
/// Expected failures are answered there as everywhere.
/// </summary>
internal sealed class DeveloperPageProblems : IDeveloperPageExceptionFilter
{
    public Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next) =>
        errorContext.Exception switch
        {
            ApiProblemException expected => ProblemWriter.WriteAsync(
                errorContext.HttpContext,
                expected.Problem
            ),
            BadHttpRequestException bad => ProblemWriter.WriteAsync(
                errorContext.HttpContext,
                BindingProblems.For(bad, errorContext.HttpContext)
            ),
            _ => next(errorContext),
        };
}
