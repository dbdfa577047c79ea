using ApiSvc.Identity.Tests.SignIn;

namespace ApiSvc.Identity.Tests.Pages;

public sealed class PageHeaderTests(SharedPeople people) : IClassFixture<SharedPeople>
{
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/account")]
    [InlineData("/account/password")]
    [InlineData("/account/email")]
    [InlineData("/account/second-factor")]
    [InlineData("/account/logins")]
    [InlineData("/password/forgotten")]
    [InlineData("/register")]
    [InlineData("/device")]
    [InlineData("/invitation?link=none")]
    [InlineData("/sign-in/external/none")]
    public async Task Pages_AreInNoFrameAndNoCacheAndRunNothing(string path)
    {
        using var person = await people.SignInAsync(await people.NewUserAsync());

        var page = await person.GetAsync(path);

        person.At.ShouldBe(path);
        var policy = page.Headers["Content-Security-Policy"];
        policy.ShouldStartWith("default-src 'none'; style-src 'sha256-");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        page.Headers["X-Frame-Options"].ShouldBe("DENY");
        page.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        page.Headers["Cache-Control"].ShouldBe("no-store");
        page.Headers["Referrer-Policy"].ShouldBe("no-referrer");
        page.Text.ShouldNotContain("<script");
        page.Text.ShouldNotContain("style=");
    }
}
