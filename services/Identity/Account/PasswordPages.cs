using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Links;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Passwords;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Npgsql;

namespace ApiSvc.Identity.Account;

/// <summary>Where users change their password, with the old one, or set one where they had none.</summary>
internal static class PasswordPages
{
    public const string Path = "/account/password";

    private const string Old = "password";
    private const string New = "new-password";
    private const string Again = "new-password-again";

    public static void MapPasswordPages(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, ShowAsync);
        browser.MapPost(Path, ChangeAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http,
        [AsParameters] PasswordServices services,
        CancellationToken cancellationToken
    )
    {
        var (user, elsewhere) = await services.Gate.EnterAsync(
            http,
            Path,
            mustBeRecent: true,
            cancellationToken
        );
        if (user is null)
        {
            return elsewhere!;
        }

        var db = await services.Work.OpenAsync(cancellationToken);
        var account = await SignInUser.FindAsync(db, user.UserId);
        return Ask(services.Gate.Seal(user, Path), account?.PasswordHash is not null);
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext http,
        [AsParameters] PasswordServices services,
        CancellationToken cancellationToken
    )
    {
        var (sent, elsewhere) = await services.Gate.ReadAsync(
            http,
            Path,
            mustBeRecent: true,
            cancellationToken
        );
        if (sent is not var (user, fields, _))
        {
            return elsewhere!;
        }

        if (
            await SignInUser.FindAsync(services.Database, user.UserId, cancellationToken)
            is not { } account
        )
        {
            return Page.Failure(BrowserForm.NotFromHere);
        }

        var password = fields[New].ToString();
        var fault = NewPassword.FindFault(
            password,
            fields[Again],
            account.Login,
            account.Name,
            account.Email
        );
        if (fault is not null)
        {
            return Refuse(services, user, account, newFault: fault);
        }

        var actor = sent.ToActor(http);
        if (
            account.PasswordHash is not null
            && await JudgeOldAsync(http, sent, account, services, cancellationToken) is { } refusal
        )
        {
            return refusal;
        }

        return await SetAsync(account, password, user.SessionId, actor, services, cancellationToken)
            ? AccountEndpoints.Done("password")
            : Page.Failure(BrowserForm.NotFromHere);
    }

    // Null if the old password is right.
    private static async Task<Page?> JudgeOldAsync(
        HttpContext http,
        SentForm sent,
        SignInUser account,
        PasswordServices services,
        CancellationToken cancellationToken
    )
    {
        var answer = await services.Passwords.JudgeAsync(
            http,
            account,
            account.Login,
            sent.Fields[Old].ToString(),
            sent.ToActor(http),
            cancellationToken
        );
        if (answer.IsRight)
        {
            return null;
        }

        var fault = answer.Wait?.Tell(http, services.Time.GetUtcNow()) ?? "Is not your password.";
        return Refuse(services, sent.User, account, fault) with
        {
            Status = answer.Wait is null
                ? StatusCodes.Status400BadRequest
                : StatusCodes.Status429TooManyRequests,
        };
    }

    // False if the password was changed meanwhile, by somebody else with the old one.
    private static async Task<bool> SetAsync(
        SignInUser account,
        string password,
        Guid session,
        Actor actor,
        PasswordServices services,
        CancellationToken cancellationToken
    )
    {
        var db = await services.Work.OpenAsync(cancellationToken);
        var now = await SignInUser.FindAsync(db, account.Id, isLocked: true);
        if (now is null || now.PasswordChangedAt != account.PasswordChangedAt)
        {
            return false;
        }

        await services.Profiles.SetPasswordAsync(account.Id, password, "password.change", actor);
        await services.Links.CancelAsync(account.Id);
        await services.Sessions.EndAllAsync(account.Id, actor, except: session);
        await services.Mail.TellAsync(
            account.Email,
            "Your password was changed",
            $"The password of your account {account.Login} was changed. If it was not you, reset it now by \"Forgot your password?\" on the sign-in page.",
            cancellationToken
        );
        await services.Log.AppendAsync();
        await services.Work.CommitAsync(cancellationToken);
        return true;
    }

    private static Page Refuse(
        PasswordServices services,
        SignedInUser user,
        SignInUser account,
        string? oldFault = null,
        string? newFault = null
    ) =>
        Ask(
            services.Gate.Seal(user, Path),
            account.PasswordHash is not null,
            oldFault,
            newFault
        ) with
        {
            Status = StatusCodes.Status400BadRequest,
        };

    private static Page Ask(
        string sealedForm,
        bool hasOld,
        string? oldFault = null,
        string? newFault = null
    )
    {
        Field[] old = hasOld
            ?
            [
                new Field(Old, "Password of now")
                {
                    Type = "password",
                    AutoComplete = "current-password",
                    Error = oldFault,
                },
            ]
            : [];
        return new(
            hasOld ? "Change your password" : "Set a password",
            Html.Of(
                $"""
                {Form.Of(
                    Path,
                    sealedForm,
                    "Change the password",
                    [.. old, .. NewPassword.Fields(New, Again, newFault)]
                )}<p class="links"><a href="{AccountEndpoints.Path}">Back to your account</a></p>
                """
            )
        );
    }
}

/// <summary>What changing a password works with.</summary>
internal sealed record PasswordServices(
    AccountGate Gate,
    PasswordCheck Passwords,
    ProfileStore Profiles,
    OneTimeLinks Links,
    SessionStore Sessions,
    LinkMail Mail,
    CredentialLog Log,
    NpgsqlDataSource Database,
    UnitOfWork Work,
    TimeProvider Time
);
