using ApiSvc.ServiceDefaults.Endpoints;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>Answers calls that may not pass: 401, 403 and 404 as problem documents.</summary>
internal sealed class PermissionAnswers : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _framework = new();

    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        // Pages with schemes of their own (cookies) are challenged and refused as these schemes do it.
        if (
            authorizeResult.Succeeded
            || !policy.AuthenticationSchemes.Contains(CallerIdentity.Scheme)
        )
        {
            return _framework.HandleAsync(next, context, policy, authorizeResult);
        }

        // Of gRPC only the token is decided here; the rest needs the message.
        if (context.GetEndpoint() is { } endpoint && GrpcRoutes.IsGrpc(endpoint))
        {
            return GrpcRefusal.WriteAsync(context, TokenProblem(context));
        }

        if (authorizeResult.Challenged)
        {
            return ChallengeAsync(context);
        }

        var reasons = authorizeResult.AuthorizationFailure?.FailureReasons ?? [];
        var permission =
            context.GetEndpoint()?.Metadata.GetMetadata<PermissionDeclaration>()?.Permission ?? "";
        var problem = reasons.Any(r => r is PermissionHandler.NotFoundReason)
            ? ApiProblem.NotFound
            : PermissionProblems.Forbidden(permission);
        return ProblemWriter.WriteAsync(context, problem);
    }

    // RFC 6750 section 3: an error code only when a token was there.
    private static Task ChallengeAsync(HttpContext context)
    {
        var failure = context.Features.Get<ITokenFailureFeature>();
        if (failure is not { IsTemporary: true })
        {
            context.Response.Headers.WWWAuthenticate = failure is null
                ? "Bearer"
                : $"Bearer error=\"invalid_token\", error_description=\"{failure.Reason}\"";
        }

        return ProblemWriter.WriteAsync(context, TokenProblem(context));
    }

    private static ApiProblem TokenProblem(HttpContext context) =>
        context.Features.Get<ITokenFailureFeature>() switch
        {
            null => PermissionProblems.Unauthenticated,
            { IsTemporary: true } => PermissionProblems.TokensUnavailable,
            var failure => PermissionProblems.Unauthenticated with
            {
                Detail = $"The access token is not valid: {failure.Reason}.",
            },
        };
}
