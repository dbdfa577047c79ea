using ApiSvc.Identity.Account;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Links;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Passwords;
using ApiSvc.Identity.Registration;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.SignIn;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.Invitations;

/// <summary>Where the link of an invitation leads: the invited makes an account, or joins with the one that it has.</summary>
internal static class InvitationPages
{
    public const string Path = "/invitation";
    public const string JoinPath = "/invitation/join";

    public static void MapInvitationPages(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, OpenAsync);
        browser.MapPost(Path, MakeAccountAsync);
        browser.MapPost(JoinPath, JoinAsync);
    }

    private static async Task<IResult> OpenAsync(
        HttpContext http,
        [AsParameters] InvitationServices services,
        CancellationToken cancellationToken
    )
    {
        var secret = http.Request.Query[OneTimeLinks.Parameter].ToString();
        // Before the unit of work has a connection.
        var signedIn = await services.SignedIn.FindAsync(http, cancellationToken);
        if (await services.Invitations.FindAsync(secret) is not { } invitation)
        {
            return LinkPages.Bad;
        }

        if (signedIn is { } user)
        {
            var db = await services.Work.OpenAsync(cancellationToken);
            return await SignInUser.FindAsync(db, user.UserId) is { } account
                ? InvitationViews.Join(
                    invitation,
                    account,
                    services.SessionForms.Seal(JoinPath, user.SessionId, secret),
                    services.SignedIn.SignInUrl(AddressOf(secret))
                )
                : LinkPages.Bad;
        }

        return InvitationViews.MakeAccount(
            invitation,
            services.Forms.Seal(http, Path, secret),
            services.SignedIn.SignInUrl(AddressOf(secret)),
            new NewAccount("", "", new Dictionary<string, string>())
        );
    }

    private static async Task<IResult> MakeAccountAsync(
        HttpContext http,
        [AsParameters] InvitationServices services,
        CancellationToken cancellationToken
    )
    {
        var before = await services.SignedIn.FindAsync(http, cancellationToken);
        if (
            await services.Forms.ReadAsync(http, Path, cancellationToken)
                is not var (fields, secret)
            || await services.Invitations.FindAsync(secret) is not { } invitation
        )
        {
            return LinkPages.Bad;
        }

        var account = NewAccount.Read(fields, invitation.Email);
        var password = fields[NewAccount.Password].ToString();
        var actor = Actor.Of(http);
        if (account.Faults.Count == 0)
        {
            var id = await services.Accounts.CreateAsync(
                account,
                invitation.Email,
                PasswordHash.Of(password),
                actor
            );
            if (id is { } user)
            {
                return await services.Invitations.AcceptAsync(secret, user, actor)
                    ? await services.StartAsync(http, before, user, cancellationToken)
                    : LinkPages.Bad;
            }

            account = account.WithLoginTaken();
        }

        return InvitationViews.MakeAccount(
            invitation,
            services.Forms.Seal(http, Path, secret),
            services.SignedIn.SignInUrl(AddressOf(secret)),
            account
        ) with
        {
            Status = StatusCodes.Status400BadRequest,
        };
    }

    private static async Task<IResult> JoinAsync(
        HttpContext http,
        [AsParameters] InvitationServices services,
        CancellationToken cancellationToken
    )
    {
        var sent = await SentForm.ReadAsync(
            http,
            JoinPath,
            services.SignedIn,
            services.SessionForms,
            cancellationToken
        );
        if (sent is not var (user, _, secret))
        {
            return Page.Failure(BrowserForm.NotFromHere);
        }

        if (!await services.Invitations.AcceptAsync(secret, user.UserId, sent.ToActor(http)))
        {
            return LinkPages.Bad;
        }

        await services.Work.CommitAsync(cancellationToken);
        return AccountEndpoints.Done("invitation");
    }

    private static string AddressOf(string secret) => $"{Path}?{OneTimeLinks.Parameter}={secret}";
}

/// <summary>What the pages of invitations work with.</summary>
internal sealed record InvitationServices(
    InvitationStore Invitations,
    NewAccounts Accounts,
    SignInCompletion Completion,
    ISignedIn SignedIn,
    AnonymousForms Forms,
    FormSeal SessionForms,
    UnitOfWork Work
)
{
    /// <summary>Signs the new user in, which commits.</summary>
    public async Task<IResult> StartAsync(
        HttpContext http,
        SignedInUser? before,
        Guid user,
        CancellationToken cancellationToken
    )
    {
        var db = await Work.OpenAsync(cancellationToken);
        var account = await SignInUser.FindAsync(db, user);
        return await Completion.StartAsync(
            http,
            before,
            account!,
            ["pwd"],
            $"{AccountEndpoints.Path}?done=invitation",
            cancellationToken
        );
    }
}
