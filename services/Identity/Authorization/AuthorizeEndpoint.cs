using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Identity.Authorization;

/// <summary>
/// Gives clients codes for users who are signed in and agree (RFC 6749 section 3.1, OpenID Connect Core 1.0 section 3.1.2).
/// Everybody may come; what is given is the signed-in user's own, and audited under the client's team.
/// </summary>
internal static class AuthorizeEndpoint
{
    public const string Path = "/connect/authorize";
    public const string ConsentPath = "/connect/consent";

    private const string Purpose = "consent";

    // An address that is opened again later asks again.
    private static readonly TimeSpan SignInPatience = TimeSpan.FromMinutes(15);

    public static void MapAuthorization(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, AskAsync);
        browser.MapPost(Path, AskAsync);
        browser.MapPost(ConsentPath, DecideAsync);
    }

    private static async Task<IResult> AskAsync(
        HttpContext http,
        [AsParameters] AuthorizationServices services,
        CancellationToken cancellationToken
    ) =>
        await AuthorizationParameters.ReadAsync(http.Request, cancellationToken) is { } parameters
            ? await JudgeAsync(http, parameters, services, cancellationToken)
            : Page.Failure(BrowserForm.Unreadable);

    private static async Task<IResult> JudgeAsync(
        HttpContext http,
        AuthorizationParameters parameters,
        AuthorizationServices services,
        CancellationToken cancellationToken
    )
    {
        var (request, failure) = await services.Reader.ReadAsync(parameters, cancellationToken);
        if (request is null)
        {
            return services.Answers.Fail(failure!);
        }

        var user = await services.SignedIn.FindAsync(http, cancellationToken);
        if (user is null || !await IsTheOneAsync(request, user, services))
        {
            return request.IsSilent
                ? services.Answers.Fail(request.Fail("login_required", "Nobody is signed in."))
                : new SeeOther(
                    services.SignedIn.SignInUrl(
                        $"{Path}?{parameters.ToQueryAfterSignIn(services.Time.GetUtcNow())}"
                    )
                );
        }

        if (!await services.Consents.IsNeededAsync(request, user.UserId, cancellationToken))
        {
            return await GiveAsync(http, request, user, services);
        }

        return request.IsSilent
            ? services.Answers.Fail(
                request.Fail("consent_required", "The user has not agreed to this yet.")
            )
            : ConsentPage.Of(
                request.Client,
                request.Scopes,
                services.Forms.Seal(Purpose, user.SessionId, request.Query),
                ConsentPath,
                Html.Empty
            ) with
            {
                FormLeadsTo = request.RedirectUri,
            };
    }

    private static async Task<IResult> DecideAsync(
        HttpContext http,
        [AsParameters] AuthorizationServices services,
        CancellationToken cancellationToken
    )
    {
        var sent = await SentForm.ReadAsync(
            http,
            Purpose,
            services.SignedIn,
            services.Forms,
            cancellationToken
        );
        if (sent is not var (user, form, query))
        {
            return Page.Failure(BrowserForm.NotFromHere);
        }

        // The client may have changed since.
        var (request, failure) = await services.Reader.ReadAsync(
            AuthorizationParameters.OfQuery(query),
            cancellationToken
        );
        if (request is null)
        {
            return services.Answers.Fail(failure!);
        }

        var actor = user.ToActor(request.Client.Id, http.Connection.RemoteIpAddress);
        if (form[ConsentPage.Decision] != ConsentPage.Allow)
        {
            await services.Consents.RefuseAsync(request.Client, request.Scopes, actor);
            return services.Answers.Fail(request.Fail("access_denied", "The user refused."));
        }

        await services.Consents.AddAsync(request.Client, user.UserId, request.Scopes, actor);
        return await GiveAsync(http, request, user, services);
    }

    // OpenID Connect Core 1.0 section 3.1.2.3: who proved it long ago, or is another than meant, has to sign in.
    private static async Task<bool> IsTheOneAsync(
        AuthorizationRequest request,
        SignedInUser user,
        AuthorizationServices services
    )
    {
        var now = services.Time.GetUtcNow();
        var wasAsked =
            request.SentToSignInAt is { } sent
            && now - sent < SignInPatience
            && user.AuthenticatedAt >= sent;
        var mustBeAsked =
            request.Prompts.Contains("login")
            || request.Prompts.Contains("select_account")
            || now - user.AuthenticatedAt > request.MaxAge;
        if (mustBeAsked && !wasAsked)
        {
            return false;
        }

        if (request.IdTokenHint is null)
        {
            return true;
        }

        var hint = await services.Tokens.ReadIdTokenAsync(request.IdTokenHint);
        return hint?.Subject == new Id<UserKind>(user.UserId).ToString();
    }

    private static async Task<IResult> GiveAsync(
        HttpContext http,
        AuthorizationRequest request,
        SignedInUser user,
        AuthorizationServices services
    )
    {
        var actor = user.ToActor(request.Client.Id, http.Connection.RemoteIpAddress);
        if (
            await services.Grants.AddAsync(request.Client, user, request.Scopes, actor)
            is not { } grant
        )
        {
            return services.Answers.Fail(
                request.Fail("access_denied", "There is no such user any more.")
            );
        }

        var code = await services.Grants.AddCodeAsync(
            grant,
            request.RedirectUri,
            request.CodeChallenge,
            request.Nonce
        );
        await services.Work.CommitAsync();
        return services.Answers.Code(request, code);
    }
}

/// <summary>What the authorization endpoint works with.</summary>
internal sealed record AuthorizationServices(
    AuthorizationReader Reader,
    AuthorizationAnswers Answers,
    ISignedIn SignedIn,
    ConsentStore Consents,
    GrantStore Grants,
    OwnTokens Tokens,
    FormSeal Forms,
    UnitOfWork Work,
    TimeProvider Time
);
