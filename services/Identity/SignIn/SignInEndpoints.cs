using System.Text.Json;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Passwords;
using ApiSvc.Identity.SecondFactor;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Npgsql;

namespace ApiSvc.Identity.SignIn;

/// <summary>Where people sign in: by a password, and a code where they have a second factor. Everybody may come.</summary>
internal static class SignInEndpoints
{
    public const string Path = BrowserSessions.SignInPath;
    public const string CodePath = "/sign-in/code";

    private const string Purpose = "sign-in";
    private const string Wrong = "The login or the password is wrong.";

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, Show);
        browser.MapPost(Path, SignInAsync);
        browser.MapPost(CodePath, TakeCodeAsync);
    }

    private static Page Show(HttpContext http, [AsParameters] SignInServices services) =>
        Ask(http, services);

    private static async Task<IResult> SignInAsync(
        HttpContext http,
        [AsParameters] SignInServices services,
        CancellationToken cancellationToken
    )
    {
        if (await services.Forms.ReadAsync(http, Purpose, cancellationToken) is not var (form, _))
        {
            return Fail(http, services, AnonymousForms.TooOld);
        }

        var entered = form[SignInPages.Login].ToString();
        var password = form[SignInPages.Password].ToString();
        var actor = Actor.Of(http);
        var before = await services.SignedIn.FindAsync(http, cancellationToken);
        var user = await SignInUser.FindAsync(services.Database, entered, cancellationToken);
        var answer = await services.Passwords.JudgeAsync(
            http,
            user,
            entered,
            password,
            actor,
            cancellationToken
        );
        if (answer.Wait is { } wait)
        {
            return Fail(
                http,
                services,
                wait.Tell(http, services.Time.GetUtcNow()),
                entered,
                StatusCodes.Status429TooManyRequests
            );
        }

        if (!answer.IsRight)
        {
            return Fail(http, services, Wrong, entered);
        }

        if (user!.DisabledAt is not null)
        {
            await services.Work.RecordRefusalAsync(actor, user.PublicId, "disabled");
            return Fail(http, services, SignInCompletion.Disabled, entered);
        }

        return await services.Completion.GoOnAsync(
            http,
            before,
            user,
            ["pwd"],
            ReturnPath.Of(http.Request),
            cancellationToken
        );
    }

    private static async Task<IResult> TakeCodeAsync(
        HttpContext http,
        [AsParameters] SignInServices services,
        CancellationToken cancellationToken
    )
    {
        if (
            await services.Forms.ReadAsync(http, SignInCompletion.CodePurpose, cancellationToken)
                is not var (form, content)
            || JsonSerializer.Deserialize<SignInState>(content) is not { } state
        )
        {
            return Fail(http, services, AnonymousForms.TooOld);
        }

        var actor = Actor.Of(http);
        var returnPath = ReturnPath.Of(http.Request);
        var before = await services.SignedIn.FindAsync(http, cancellationToken);
        var user = await SignInUser.FindAsync(services.Database, state.User, cancellationToken);
        if (user is null or { DisabledAt: not null } || user.PasswordChangedAt > state.At)
        {
            return Fail(http, services, AnonymousForms.TooOld);
        }

        var answer = await services.Codes.JudgeAsync(
            user.Id,
            form[SignInPages.Code],
            actor,
            cancellationToken
        );
        if (!answer.IsRight)
        {
            return SignInPages.AskCode(
                services.Completion.Seal(http, state),
                returnPath,
                answer.Wait?.Tell(http, services.Time.GetUtcNow())
                    ?? "This is no code that is good now. Each code is good once."
            ) with
            {
                Status = answer.Wait is null
                    ? StatusCodes.Status400BadRequest
                    : StatusCodes.Status429TooManyRequests,
            };
        }

        return await services.Completion.StartAsync(
            http,
            before,
            user,
            [.. state.Methods, "otp"],
            returnPath,
            cancellationToken
        );
    }

    private static Page Fail(
        HttpContext http,
        SignInServices services,
        string fault,
        string login = "",
        int status = StatusCodes.Status400BadRequest
    ) => Ask(http, services, login, fault) with { Status = status };

    private static Page Ask(
        HttpContext http,
        SignInServices services,
        string login = "",
        string? fault = null
    ) =>
        SignInPages.Ask(
            services.Forms.Seal(http, Purpose),
            ReturnPath.Of(http.Request),
            services.Offers,
            login,
            fault
        );
}

/// <summary>What signing in works with.</summary>
internal sealed record SignInServices(
    PasswordCheck Passwords,
    SecondFactorCheck Codes,
    SignInCompletion Completion,
    SignInOffers Offers,
    AnonymousForms Forms,
    ISignedIn SignedIn,
    NpgsqlDataSource Database,
    UnitOfWork Work,
    TimeProvider Time
);
