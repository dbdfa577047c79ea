using ApiSvc.Identity.Authorization;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.DeviceCodes;

/// <summary>
/// Where users enter the code that a device shows, and decide (RFC 8628 section 3.3). Everybody may come, and has to sign
/// in; what is given is the signed-in user's own, and audited under the client's team.
/// </summary>
internal static class DevicePages
{
    public const string Path = "/device";
    public const string DecisionPath = "/device/decision";

    private const string CodeField = "user_code";
    private const string CodePurpose = "device_code";
    private const string DecisionPurpose = "device_decision";

    public static void MapDevicePages(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, ShowAsync);
        browser.MapPost(Path, EnterAsync);
        browser.MapPost(DecisionPath, DecideAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http,
        [AsParameters] DeviceServices services,
        CancellationToken cancellationToken
    )
    {
        // A code that comes with the address is only filled in: the user shall compare it (section 5.4).
        var code = UserCode.Read(http.Request.Query[CodeField]);
        var shown = code is null ? "" : UserCode.Show(code);
        return await services.SignedIn.FindAsync(http, cancellationToken) is { } user
            ? CodePage(services.Forms.Seal(CodePurpose, user.SessionId, ""), shown, Html.Empty)
            : new SeeOther(
                services.SignedIn.SignInUrl(code is null ? Path : $"{Path}?{CodeField}={shown}")
            );
    }

    private static async Task<IResult> EnterAsync(
        HttpContext http,
        [AsParameters] DeviceServices services,
        CancellationToken cancellationToken
    )
    {
        if (await ReadAsync(http, CodePurpose, services, cancellationToken) is not { } sent)
        {
            return Page.Failure(BrowserForm.NotFromHere);
        }

        var (user, form, _) = sent;
        if (await services.Codes.HasMissedOftenAsync(user.SessionId))
        {
            return Page.Failure(
                "Too many wrong codes. Try again in a quarter of an hour.",
                StatusCodes.Status429TooManyRequests
            );
        }

        var given = form[CodeField].ToString();
        if (
            UserCode.Read(given) is { } code
            && await services.Codes.LockWaitingAsync(code) is { } row
            && await services.Clients.FindAsync(row.ClientId, cancellationToken)
                is { Client: var client }
        )
        {
            return ConsentPage.Of(
                client,
                row.Scopes,
                services.Forms.Seal(DecisionPurpose, user.SessionId, code),
                DecisionPath,
                Html.Of(
                    $"<p>Your device must show the code <strong>{UserCode.Show(code)}</strong>. Refuse if you did not begin this yourself.</p>"
                )
            );
        }

        await services.Codes.MissAsync(user.SessionId);
        return CodePage(
            services.Forms.Seal(CodePurpose, user.SessionId, ""),
            given,
            Html.Of(
                $"<p class=\"error\" role=\"alert\" id=\"wrong\">No device waits with this code. Codes are good for some minutes.</p>"
            )
        ) with
        {
            Status = StatusCodes.Status400BadRequest,
        };
    }

    private static async Task<IResult> DecideAsync(
        HttpContext http,
        [AsParameters] DeviceServices services,
        CancellationToken cancellationToken
    )
    {
        if (
            await ReadAsync(http, DecisionPurpose, services, cancellationToken) is not { } sent
            || await services.Codes.LockWaitingAsync(sent.Content) is not { } row
            || await services.Clients.FindAsync(row.ClientId, cancellationToken)
                is not { Client: var client }
        )
        {
            return Page.Failure(BrowserForm.NotFromHere);
        }

        var actor = sent.User.ToActor(client.Id, http.Connection.RemoteIpAddress);
        if (sent.Fields[ConsentPage.Decision] != ConsentPage.Allow)
        {
            await services.Codes.DenyAsync(row);
            await services.Consents.RefuseAsync(client, row.Scopes, actor);
            return new Page(
                "Refused",
                Html.Of($"<p>The device gets nothing. You can close this page.</p>")
            );
        }

        if (await services.Grants.AddAsync(client, sent.User, row.Scopes, actor) is not { } grant)
        {
            return Page.Failure("There is no such user any more.");
        }

        await services.Codes.AllowAsync(row, grant);
        await services.Work.CommitAsync(cancellationToken);
        return new Page(
            "Done",
            Html.Of($"<p>Go back to your device. You can close this page.</p>")
        );
    }

    private static Task<SentForm?> ReadAsync(
        HttpContext http,
        string purpose,
        DeviceServices services,
        CancellationToken cancellationToken
    ) => SentForm.ReadAsync(http, purpose, services.SignedIn, services.Forms, cancellationToken);

    private static Page CodePage(string sealedForm, string code, Html error) =>
        new(
            "Connect a device",
            Html.Of(
                $"""
                {error}
                <form method="post" action="{Path}">
                <input type="hidden" name="{FormSeal.Field}" value="{sealedForm}">
                <label for="code">The code that your device shows</label>
                <input id="code" name="{CodeField}" value="{code}" required autocomplete="off" autocapitalize="characters" spellcheck="false"{(
                    error == Html.Empty ? Html.Empty : Html.Of($" aria-describedby=\"wrong\" aria-invalid=\"true\"")
                )}>
                <button type="submit">Continue</button>
                </form>
                """
            )
        );
}

/// <summary>What the pages for devices work with.</summary>
internal sealed record DeviceServices(
    ISignedIn SignedIn,
    DeviceCodeStore Codes,
    ClientDirectory Clients,
    ConsentStore Consents,
    GrantStore Grants,
    FormSeal Forms,
    UnitOfWork Work
);
