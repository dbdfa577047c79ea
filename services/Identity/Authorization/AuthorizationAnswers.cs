using ApiSvc.Identity.Pages;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ApiSvc.Identity.Authorization;

/// <summary>Sends browsers back to clients (RFC 6749 section 4.1.2), with who answers (RFC 9207 section 2).</summary>
internal sealed class AuthorizationAnswers(IOptions<TokenOptions> tokens)
{
    public IResult Code(AuthorizationRequest request, string code) =>
        Redirect(request.RedirectUri, request.State, ("code", code));

    public IResult Fail(AuthorizationFailure failure) =>
        failure.RedirectUri is { } redirectUri
            ? Redirect(
                redirectUri,
                failure.State,
                ("error", failure.Code),
                ("error_description", failure.Description)
            )
            : Page.Failure(failure.Description);

    private SeeOther Redirect(
        string redirectUri,
        string? state,
        params (string Name, string Value)[] answer
    )
    {
        var query = answer.ToDictionary(
            a => a.Name,
            string? (a) => a.Value,
            StringComparer.Ordinal
        );
        query["iss"] = tokens.Value.Issuer;
        if (state is not null)
        {
            query["state"] = state;
        }

        return new(QueryHelpers.AddQueryString(redirectUri, query));
    }
}

/// <summary>
/// Sends a browser elsewhere by 303, after which it repeats no form there (RFC 9700 section 4.12), and has it tell nobody
/// where it was.
/// </summary>
internal sealed record SeeOther(string Address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers[HeaderNames.Location] = Address;
        response.Headers[HeaderNames.CacheControl] = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return Task.CompletedTask;
    }
}
