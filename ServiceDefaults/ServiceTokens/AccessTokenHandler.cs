using System.Security.Claims;
using System.Text.Encodings.Web;
using ApiSvc.ServiceDefaults.Permissions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>Takes the access token from the <c>Authorization</c> header (RFC 6750 section 2.1), and from nowhere else.</summary>
internal sealed class AccessTokenHandler(
    AccessTokenValidator validator,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var headers = Request.Headers.Authorization;
        if (headers.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }

        var header = headers.Count == 1 ? headers[0]! : "";
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            // Another scheme, for which this service may have another handler.
            return AuthenticateResult.NoResult();
        }

        var result = await validator.ValidateAsync(
            header[Prefix.Length..].Trim(),
            Context.RequestAborted
        );
        if (result.Caller is { } caller)
        {
            var principal = new ClaimsPrincipal(new CallerIdentity(caller));
            return AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));
        }

        Context.Features.Set<ITokenFailureFeature>(result);
        return AuthenticateResult.Fail(result.Reason);
    }
}
