using System.Net;
using System.Text.RegularExpressions;
using ApiSvc.Identity.Tests.Sessions;
using ApiSvc.Identity.Tests.SignIn;

namespace ApiSvc.Identity.Tests.ExternalSignIn;

public sealed class ExternalSignInTests(SharedProvider shared) : IClassFixture<SharedProvider>
{
    [Fact]
    public async Task SignIn_OfSomebodyNew_MakesAUserWithTheRolesOfItsClaims()
    {
        var team = await TeamAsync();
        var login = NewLogin();
        await shared.SetAccountAsync(
            login,
            new
            {
                name = "Eva External",
                preferred_username = $"{login}@provider.example",
                email = $"{login}@example.org",
                email_verified = true,
                groups = new[] { "auditors", "shop-owners", "bosses" },
            }
        );

        using var person = new Person(shared.Host);
        var page = await SignInAsync(person, "maker", login, "/account?x=1");
        person.At.ShouldBe("/account?x=1");
        page.Text.ShouldContain(login);

        var user = (await UserAsync(login))!.Value;
        user.GetProperty("name").GetString().ShouldBe("Eva External");
        user.GetProperty("email").GetString().ShouldBe($"{login}@example.org");
        user.GetProperty("platformRoles").GetRawText().ShouldBe("""["auditor"]""");
        (await RolesAsync(team, login)).ShouldBe("""["owner"]""");
        shared.Host.Logs.All.ShouldContain(l => l.Contains("no-such-role"));
        shared.Host.Logs.All.ShouldAllBe(l => !l.Contains(SharedProvider.Secret));

        // A role that no rule names is left alone; the others follow the claims.
        await shared.SetAccountAsync(login, new { groups = new[] { "shop-viewers" } });
        var id = user.GetProperty("id").GetString();
        (
            await shared.Admin.PutAsync(
                $"/v1/teams/{team}/members/{id}",
                new { roles = new[] { "owner", "publisher" } }
            )
        ).ShouldBe(HttpStatusCode.OK);
        using var again = new Person(shared.Host);
        await SignInAsync(again, "maker", login);
        again.At.ShouldBe("/account");
        (await RolesAsync(team, login)).ShouldBe("""["publisher","viewer"]""");
        (await UserAsync(login))!.Value.GetProperty("platformRoles").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task SignIn_OfSomebodyUnknown_IsRefusedUnlessUsersAreMade()
    {
        var login = NewLogin();
        await shared.SetAccountAsync(login, new { name = "Nobody" });
        using var person = new Person(shared.Host);

        var page = await SignInAsync(person, "plain", login);

        page.Status.ShouldBe(HttpStatusCode.Forbidden);
        page.Text.ShouldContain("There is no account for you here.");
        person.HasSession.ShouldBeFalse();
    }

    [Theory]
    [InlineData("plain", true, false)]
    [InlineData("maker", true, false)]
    [InlineData("trusted", false, false)]
    [InlineData("trusted", true, true)]
    public async Task SignIn_WithTheAddressOfAUser_TakesItOverOnlyIfTrustedAndVerified(
        string provider,
        bool isVerified,
        bool isTaken
    )
    {
        var (login, email) = await NewUserAsync();
        var external = NewLogin();
        await shared.SetAccountAsync(external, new { email, email_verified = isVerified });
        using var person = new Person(shared.Host);

        var page = await SignInAsync(person, provider, external);

        person.HasSession.ShouldBe(isTaken, page.Text);
        if (isTaken)
        {
            page.Text.ShouldContain(login);
        }
        else
        {
            page.Status.ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task Login_AddedByItsUser_LetsInAndCanBeRemoved()
    {
        var (login, _) = await NewUserAsync();
        var external = NewLogin();
        await shared.SetAccountAsync(external, new { name = "Somebody" });
        using var person = new Person(shared.Host);
        await person.SignInAsync(login, SharedPeople.Password);

        var page = await person.GetAsync("/account/logins");
        var go = await person.SubmitAsync(page, "/account/logins/add", ("provider", "plain"));
        var ticket = Regex.Match(go.Text, "href=\"(/sign-in/external/plain\\?ticket=[^\"]+)\"");
        var done = await FollowAsync(
            person,
            await person.GetAsync(ticket.Groups[1].Value),
            external
        );
        done.Text.ShouldContain("The way to sign in was added.");

        using var elsewhere = new Person(shared.Host);
        (await SignInAsync(elsewhere, "plain", external)).Text.ShouldContain(login);
        // Nobody else can have it.
        var (other, _) = await NewUserAsync();
        using var thief = new Person(shared.Host);
        await thief.SignInAsync(other, SharedPeople.Password);
        (await thief.GetAsync(ticket.Groups[1].Value)).ShouldBeAFailure();

        (
            await person.SubmitAsync(
                await person.GetAsync("/account/logins"),
                "/account/logins/remove",
                ("provider", "plain")
            )
        ).Text.ShouldContain("was removed");
        using var after = new Person(shared.Host);
        await SignInAsync(after, "plain", external);
        after.HasSession.ShouldBeFalse();
    }

    [Theory]
    [InlineData("state=[^&]+", "state=another")]
    [InlineData("&iss=[^&]+", "&iss=https%3A%2F%2Fother.example")]
    [InlineData("&iss=[^&]+", "")]
    [InlineData("code=[^&]+", "code=made-up")]
    [InlineData("code=[^&]+", "error=access_denied")]
    [InlineData("/maker/", "/plain/")]
    public async Task Answer_Tampered_SignsNobodyIn(string pattern, string replacement)
    {
        var login = NewLogin();
        await shared.SetAccountAsync(login, new { name = "Eva" });
        using var person = new Person(shared.Host);
        var path = await CallbackAsync(person, "maker", login);

        var page = await person.GetAsync(Regex.Replace(path, pattern, replacement));

        page.ShouldBeAFailure();
        person.HasSession.ShouldBeFalse();
        // The attempt is used up: not even the true answer is taken now.
        (await person.GetAsync(path)).ShouldBeAFailure();
        person.HasSession.ShouldBeFalse();
    }

    [Fact]
    public async Task Answer_OfAnotherBrowser_SignsNobodyIn()
    {
        var login = NewLogin();
        await shared.SetAccountAsync(login, new { name = "Eva" });
        using var attacker = new Person(shared.Host);
        using var victim = new Person(shared.Host);
        await victim.GetAsync("/sign-in/external/maker");
        var path = await CallbackAsync(attacker, "maker", login);

        (await victim.GetAsync(path)).ShouldBeAFailure();

        victim.HasSession.ShouldBeFalse();
    }

    [Fact]
    public async Task SignIn_OfADisabledUser_IsRefused()
    {
        var login = NewLogin();
        await shared.SetAccountAsync(login, new { preferred_username = login });
        using var person = new Person(shared.Host);
        await SignInAsync(person, "maker", login);
        var id = (await UserAsync(login))!.Value.GetProperty("id").GetString();
        (await shared.Admin.PostAsync($"/v1/users/{id}/disable")).ShouldBe(HttpStatusCode.OK);

        using var again = new Person(shared.Host);
        (await SignInAsync(again, "maker", login)).Text.ShouldContain("disabled");

        again.HasSession.ShouldBeFalse();
    }

    [Fact]
    public async Task Provider_OutsideOfTheAllowedNetworks_IsNotAsked()
    {
        await using var host = await IdentityHost.StartSigningInAsync(
            SharedProvider.Settings("inside", shared.Issuer)
        );
        using var person = new Person(host);

        var page = await person.GetAsync("/sign-in/external/inside");

        page.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        host.Logs.All.ShouldContain(l => l.Contains("'inside' cannot be read"));
    }

    private static string NewLogin() => $"x{Guid.NewGuid():n}"[..16];

    private static async Task<Shown> SignInAsync(
        Person person,
        string provider,
        string login,
        string returnPath = "/account"
    ) =>
        await FollowAsync(
            person,
            await person.GetAsync(
                $"/sign-in/external/{provider}?return={Uri.EscapeDataString(returnPath)}"
            ),
            login
        );

    private static async Task<Shown> FollowAsync(Person person, Shown sent, string login)
    {
        using var visit = new ProviderVisit();
        return await person.GetAsync(await visit.SignInAsync(sent.Location!, login));
    }

    private static async Task<string> CallbackAsync(Person person, string provider, string login)
    {
        var sent = await person.GetAsync($"/sign-in/external/{provider}");
        using var visit = new ProviderVisit();
        return await visit.SignInAsync(sent.Location!, login);
    }

    private async Task<(string Login, string Email)> NewUserAsync()
    {
        var login = NewLogin();
        var made = await shared.Admin.PostAsync(
            "/v1/users",
            new
            {
                login,
                name = "Ada",
                email = $"{login}@example.org",
                password = SharedPeople.Password,
            }
        );
        made.ShouldBe(HttpStatusCode.Created);
        return (login, $"{login}@example.org");
    }

    private async Task<string> TeamAsync()
    {
        var made = await shared.Admin.PostAsync("/v1/teams", new { slug = "shop", name = "Shop" });
        return made.ShouldBe(HttpStatusCode.Created).Id;
    }

    private async Task<System.Text.Json.JsonElement?> UserAsync(string login) =>
        (await shared.Admin.GetAsync("/v1/users?limit=200"))
            .ShouldBe(HttpStatusCode.OK)
            .Body.GetProperty("items")
            .EnumerateArray()
            .Single(u => u.GetProperty("login").GetString() == login);

    private async Task<string> RolesAsync(string team, string login) =>
        (await shared.Admin.GetAsync($"/v1/teams/{team}/members"))
            .Body.GetProperty("items")
            .EnumerateArray()
            .ShouldHaveSingleItem()
            .GetProperty("roles")
            .GetRawText();
}
