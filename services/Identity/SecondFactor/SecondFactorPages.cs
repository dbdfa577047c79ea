using ApiSvc.Identity.Account;
using ApiSvc.Identity.Links;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.SecondFactor;

/// <summary>Where users set up their second factor, get recovery codes, and turn it off.</summary>
internal static class SecondFactorPages
{
    public const string Path = "/account/second-factor";
    public const string OffPath = "/account/second-factor/off";
    public const string RecoveryPath = "/account/recovery-codes";

    private const string Code = "code";
    private const string WrongCode = "Is no code that is good now. Each code is good once.";

    public static void MapSecondFactor(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, ShowAsync);
        browser.MapPost(Path, ConfirmAsync);
        browser.MapPost(OffPath, TurnOffAsync);
        browser.MapPost(RecoveryPath, RenewAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http,
        [AsParameters] SecondFactorServices services,
        CancellationToken cancellationToken
    )
    {
        var (user, elsewhere) = await services.Gate.EnterAsync(
            http,
            Path,
            mustBeRecent: true,
            cancellationToken
        );
        return user is null
            ? elsewhere!
            : await PageOfAsync(user, services, fault: null, cancellationToken);
    }

    private static async Task<IResult> ConfirmAsync(
        HttpContext http,
        [AsParameters] SecondFactorServices services,
        CancellationToken cancellationToken
    )
    {
        var (sent, elsewhere) = await services.Gate.ReadAsync(http, Path, true, cancellationToken);
        if (sent is not var (user, fields, _))
        {
            return elsewhere!;
        }

        if (!await services.Store.TakeCodeAsync(user.UserId, fields[Code], confirms: true))
        {
            return await PageOfAsync(user, services, WrongCode, cancellationToken);
        }

        var codes = await services.Store.RenewRecoveryCodesAsync(user.UserId);
        await services.RecordAsync(
            sent,
            http,
            "second-factor.enable",
            "Two-step sign-in was turned on",
            cancellationToken
        );
        return SecondFactorViews.Codes("Two-step sign-in is on", codes);
    }

    private static async Task<IResult> RenewAsync(
        HttpContext http,
        [AsParameters] SecondFactorServices services,
        CancellationToken cancellationToken
    )
    {
        var (sent, elsewhere) = await services.Gate.ReadAsync(
            http,
            RecoveryPath,
            true,
            cancellationToken
        );
        if (sent is not var (user, _, _))
        {
            return elsewhere!;
        }

        if (!await services.Store.IsOnAsync(user.UserId))
        {
            return Page.Failure("Two-step sign-in is off: there is nothing to recover.");
        }

        var codes = await services.Store.RenewRecoveryCodesAsync(user.UserId);
        await services.RecordAsync(
            sent,
            http,
            "recovery-codes.renew",
            "New recovery codes were made",
            cancellationToken
        );
        return SecondFactorViews.Codes("Your new recovery codes", codes);
    }

    private static async Task<IResult> TurnOffAsync(
        HttpContext http,
        [AsParameters] SecondFactorServices services,
        CancellationToken cancellationToken
    )
    {
        var (sent, elsewhere) = await services.Gate.ReadAsync(
            http,
            OffPath,
            true,
            cancellationToken
        );
        if (sent is not var (user, fields, _))
        {
            return elsewhere!;
        }

        var answer = await services.Check.JudgeAsync(
            user.UserId,
            fields[Code],
            sent.ToActor(http),
            cancellationToken
        );
        if (!answer.IsRight)
        {
            return SecondFactorViews.On(
                services.Gate.Seal(user, RecoveryPath),
                services.Gate.Seal(user, OffPath),
                left: null,
                answer.Wait?.Tell(http, services.Time.GetUtcNow()) ?? WrongCode
            ) with
            {
                Status = answer.Wait is null
                    ? StatusCodes.Status400BadRequest
                    : StatusCodes.Status429TooManyRequests,
            };
        }

        await services.Store.RemoveAsync(user.UserId);
        await services.RecordAsync(
            sent,
            http,
            "second-factor.disable",
            "Two-step sign-in was turned off",
            cancellationToken
        );
        return AccountEndpoints.Done("second-factor-off");
    }

    private static async Task<IResult> PageOfAsync(
        SignedInUser user,
        SecondFactorServices services,
        string? fault,
        CancellationToken cancellationToken
    )
    {
        var db = await services.Work.OpenAsync(cancellationToken);
        if (await SignInUser.FindAsync(db, user.UserId) is not { } account)
        {
            return Page.Failure(BrowserForm.NotFromHere);
        }

        if (await services.Store.PrepareAsync(user.UserId) is not { } seed)
        {
            return SecondFactorViews.On(
                services.Gate.Seal(user, RecoveryPath),
                services.Gate.Seal(user, OffPath),
                await services.Store.CountRecoveryCodesAsync(user.UserId),
                fault: null
            );
        }

        await services.Work.CommitAsync(cancellationToken);
        return SecondFactorViews.SetUp(
            services.Gate.Seal(user, Path),
            seed,
            account.Login,
            fault
        ) with
        {
            Status = fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }
}

/// <summary>What the pages of the second factor work with.</summary>
internal sealed record SecondFactorServices(
    AccountGate Gate,
    SecondFactorStore Store,
    SecondFactorCheck Check,
    LinkMail Mail,
    UnitOfWork Work,
    TimeProvider Time
)
{
    /// <summary>Records what the user did, tells the user by e-mail, and commits.</summary>
    public async Task RecordAsync(
        SentForm sent,
        HttpContext http,
        string action,
        string subject,
        CancellationToken cancellationToken
    )
    {
        var db = await Work.OpenAsync(cancellationToken);
        if (await SignInUser.FindAsync(db, sent.User.UserId) is { } account)
        {
            Work.AddAudit(sent.ToActor(http).Did(action, account.PublicId, team: null));
            await Mail.TellAsync(
                account.Email,
                subject,
                $"{subject} for your account {account.Login}. If it was not you, change your password and tell who runs this platform.",
                cancellationToken
            );
        }

        await Work.CommitAsync(cancellationToken);
    }
}
