using ApiSvc.Identity.Account;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.SignIn;
using ApiSvc.ServiceDefaults.Data;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>Where users add and remove providers as ways to sign in to their account.</summary>
internal static class LoginPages
{
    public const string Path = "/account/logins";
    public const string AddPath = "/account/logins/add";
    public const string RemovePath = "/account/logins/remove";

    public static void MapLoginPages(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, ShowAsync);
        browser.MapPost(AddPath, AddAsync);
        browser.MapPost(RemovePath, RemoveAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http,
        [AsParameters] LoginServices services,
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

        var linked = await services.Logins.IssuersAsync(user.UserId);
        var (add, remove) = (
            services.Gate.Seal(user, AddPath),
            services.Gate.Seal(user, RemovePath)
        );
        return new Page(
            "Other ways to sign in",
            Html.Of(
                $"""
                <ul class="rows">
                {Html.Join(
                    services.Offers.Providers.Select(p =>
                        Item(p, linked.Contains(services.IssuerOf(p.Id)), add, remove)
                    )
                )}</ul>
                <p class="links"><a href="{AccountEndpoints.Path}">Back to your account</a></p>
                """
            )
        );
    }

    private static async Task<IResult> AddAsync(
        HttpContext http,
        [AsParameters] LoginServices services,
        CancellationToken cancellationToken
    )
    {
        var (sent, elsewhere) = await services.Gate.ReadAsync(
            http,
            AddPath,
            mustBeRecent: true,
            cancellationToken
        );
        if (sent is not var (user, fields, _))
        {
            return elsewhere!;
        }

        var provider = fields["provider"].ToString();
        var name = services.Offers.Providers.FirstOrDefault(p => p.Id == provider).Name;
        if (name is null)
        {
            return Page.Failure(BrowserForm.Unreadable);
        }

        // A link and not a redirect: browsers judge where the redirects lead that answer a form.
        var ticket = services.Forms.Seal(ExternalEndpoints.LinkPurpose, user.SessionId, provider);
        return new Page(
            $"Add {name}",
            Html.Of(
                $"""
                <p>Sign in there. From then on you can come in that way, too.</p>
                <p><a class="button" href="{ExternalEndpoints.PathOf(
                    provider
                )}?{ExternalEndpoints.Ticket}={ticket}">Go on to {name}</a></p>
                <p class="links"><a href="{AccountEndpoints.Path}">Back to your account</a></p>
                """
            )
        );
    }

    private static async Task<IResult> RemoveAsync(
        HttpContext http,
        [AsParameters] LoginServices services,
        CancellationToken cancellationToken
    )
    {
        var (sent, elsewhere) = await services.Gate.ReadAsync(
            http,
            RemovePath,
            mustBeRecent: true,
            cancellationToken
        );
        if (sent is null)
        {
            return elsewhere!;
        }

        var issuer = services.IssuerOf(sent.Fields["provider"].ToString());
        if (!await services.Logins.UnlinkAsync(issuer, sent.User.UserId, sent.ToActor(http)))
        {
            return Page.Failure("It is the only way into your account. Set a password first.");
        }

        await services.Work.CommitAsync(cancellationToken);
        return AccountEndpoints.Done("login-removed");
    }

    private static Html Item(
        (string Id, string Name) provider,
        bool isLinked,
        string add,
        string remove
    ) =>
        Html.Of(
            $"""
            <li><span>{provider.Name}<br><span class="muted">{(isLinked ? "You can sign in this way." : "Not added.")}</span></span> {Form.Button(
                isLinked ? RemovePath : AddPath,
                isLinked ? remove : add,
                isLinked ? "Remove" : "Add",
                Html.Of($"<input type=\"hidden\" name=\"provider\" value=\"{provider.Id}\">")
            )}</li>

            """
        );
}

/// <summary>What the page of ways to sign in works with.</summary>
internal sealed record LoginServices(
    AccountGate Gate,
    SignInOffers Offers,
    ExternalLogins Logins,
    IOptions<ExternalSignInOptions> Options,
    FormSeal Forms,
    UnitOfWork Work
)
{
    public string IssuerOf(string provider) =>
        Options.Value.Providers.TryGetValue(provider, out var found) ? found.Issuer : "";
}
