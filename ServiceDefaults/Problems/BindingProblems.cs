using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>
/// Says which parameter the framework could not bind. It tells only in words, such as
/// <c>Failed to bind parameter "int page" from "x".</c>; words that are not recognised give the bare status.
/// </summary>
internal static partial class BindingProblems
{
    public static ApiProblem For(BadHttpRequestException exception, HttpContext context)
    {
        if (
            exception.StatusCode != 400
            || Words().Match(exception.Message) is not { Success: true } m
        )
        {
            return StatusProblems.For(exception.StatusCode, context);
        }

        var name = m.Groups["name"].Value;
        var place =
            context.Request.RouteValues.ContainsKey(name) ? "path"
            : exception.Message.Contains("from header", StringComparison.Ordinal) ? "header"
            : "query";
        var missing = m.Groups["missing"].Success;
        return ApiProblem.Invalid(
            new Violation(
                $"{place}:{name}",
                missing ? "required" : "wrong_type",
                missing ? "Must be given." : "This is not of the parameter's form."
            )
        );
    }

    [GeneratedRegex(
        "^(?:Failed to bind|(?<missing>Required)) parameter \"[^\"]*?(?<name>\\w+)\" ",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 100
    )]
    private static partial Regex Words();
}
