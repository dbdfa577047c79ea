using ApiSvc.Identity.Links;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Passwords;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.PasswordReset;

/// <summary>Where the link leads: another password is set, and used at the sign-in page, second factor and all.</summary>
internal static class ResetPages
{
    public const string Path = "/password/reset";

    private const string New = "new-password";
    private const string Again = "new-password-again";

    public static void MapReset(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, OpenAsync);
        browser.MapPost(Path, SetAsync);
    }

    private static async Task<IResult> OpenAsync(
        HttpContext http,
        OneTimeLinks links,
        AnonymousForms forms
    )
    {
        var secret = http.Request.Query[OneTimeLinks.Parameter].ToString();
        return await links.FindAsync(PasswordResets.Purpose, secret) is null
            ? LinkPages.Bad
            : Ask(forms.Seal(http, PasswordResets.Purpose, secret), fault: null);
    }

    private static async Task<IResult> SetAsync(
        HttpContext http,
        OneTimeLinks links,
        AnonymousForms forms,
        PasswordResets resets,
        UnitOfWork work,
        CancellationToken cancellationToken
    )
    {
        var db = await work.OpenAsync(cancellationToken);
        if (
            await forms.ReadAsync(http, PasswordResets.Purpose, cancellationToken)
                is not var (fields, secret)
            || await links.FindAsync(PasswordResets.Purpose, secret) is not { UserId: { } id }
            || await SignInUser.FindAsync(db, id) is not { } user
        )
        {
            return LinkPages.Bad;
        }

        var password = fields[New].ToString();
        var fault = NewPassword.FindFault(
            password,
            fields[Again],
            user.Login,
            user.Name,
            user.Email
        );
        if (fault is not null)
        {
            return Ask(forms.Seal(http, PasswordResets.Purpose, secret), fault);
        }

        return await resets.SetAsync(secret, password, Actor.Of(http), cancellationToken)
            ? new Page(
                "Your password is set",
                Html.Of(
                    $"<p>You are signed out everywhere. <a href=\"/sign-in\">Sign in</a> with the new password.</p>"
                )
            )
            : LinkPages.Bad;
    }

    private static Page Ask(string sealedForm, string? fault) =>
        new(
            "Set another password",
            Form.Of(Path, sealedForm, "Set the password", NewPassword.Fields(New, Again, fault))
        )
        {
            Status = fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
}
