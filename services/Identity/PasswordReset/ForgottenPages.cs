using ApiSvc.Identity.Attempts;
using ApiSvc.Identity.Links;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.Identity.PasswordReset;

/// <summary>Where people ask for a link to set another password. The answer is the same whether the address is known or not.</summary>
internal static class ForgottenPages
{
    public const string Path = "/password/forgotten";

    private const string Purpose = "forgotten";

    public static void MapForgotten(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, Show);
        browser.MapPost(Path, AskAsync);
    }

    private static Page Show(HttpContext http, AnonymousForms forms) =>
        Ask(forms.Seal(http, Purpose));

    private static async Task<IResult> AskAsync(
        HttpContext http,
        AnonymousForms forms,
        AttemptLimiter limiter,
        DeferredWork deferred,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (await forms.ReadAsync(http, Purpose, cancellationToken) is not var (fields, _))
        {
            return Ask(forms.Seal(http, Purpose), fault: AnonymousForms.TooOld);
        }

        var email = fields["email"].ToString().Trim();
        if (!MailAddressesAttribute.IsAddress(email))
        {
            return Ask(
                forms.Seal(http, Purpose),
                email,
                "Enter an address such as ada@example.org."
            );
        }

        if (
            await limiter.BeginAsync(
                cancellationToken,
                Attempt.From(Pace.MailFrom, http.Connection.RemoteIpAddress),
                Attempt.Of(Pace.MailTo, SignInUser.Normalize(email))
            ) is
            { } wait
        )
        {
            return Ask(forms.Seal(http, Purpose), email, wait.Tell(http, time.GetUtcNow())) with
            {
                Status = StatusCodes.Status429TooManyRequests,
            };
        }

        var actor = Actor.Of(http);
        deferred.Post(
            (services, token) =>
                services.GetRequiredService<PasswordResets>().SendAsync(email, actor, token)
        );
        return new Page(
            "Look into your mailbox",
            Html.Of(
                $"<p>If there is an account with the address <strong>{email}</strong>, we have sent a link to it. It is good for 30 minutes.</p>"
            )
        );
    }

    private static Page Ask(string sealedForm, string email = "", string? fault = null) =>
        new(
            "Forgot your password?",
            Html.Of(
                $"""
                {Form.Fault(fault)}<p>We send you a link with which you can set another one.</p>
                {Form.Of(
                    Path,
                    sealedForm,
                    "Send the link",
                    new Field("email", "E-mail address of your account") { Type = "email", AutoComplete = "email", Value = email }
                )}<p class="links"><a href="/sign-in">Back to signing in</a></p>
                """
            )
        )
        {
            Status = fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
}
