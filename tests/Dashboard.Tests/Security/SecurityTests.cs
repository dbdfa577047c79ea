using System.Net;
using Aspire.Hosting.Dashboard;

namespace ApiSvc.Dashboard.Tests.Security;

public sealed class SecurityTests
{
    private static readonly DashboardResource Web = new("web", "Project", "Running")
    {
        Commands = [DashboardCommand.Stop, DashboardCommand.Restart],
    };

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/api/events")]
    [InlineData("/api/traces")]
    [InlineData("/api/metrics")]
    [InlineData("/login")]
    [InlineData("/login?t=")]
    [InlineData("/login?t=wrong-but-long-enough-to-be-one")]
    [InlineData("/nothing-there")]
    public async Task Get_WithoutLogin_Is401(string path)
    {
        await using var dashboard = await DashboardFixture.StartAsync();

        using var answer = await dashboard.Stranger.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task Login_RightToken_SetsACookieThatScriptsAndOtherSitesCannotUse()
    {
        await using var dashboard = await DashboardFixture.StartAsync();

        using var answer = await dashboard.Stranger.GetAsync(dashboard.Server.LoginUrl);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/");
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        var token = dashboard.Server.LoginUrl.Split("t=")[1];
        cookie.ShouldNotContain(token);
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("127.0.0.1.example.com")]
    [InlineData("localhost:1")]
    [InlineData("127.0.0.1")]
    public async Task Get_ForAnotherHost_Is421OnBothPorts(string host)
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var page = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = host } };
        using var export = new HttpRequestMessage(
            HttpMethod.Post,
            dashboard.Server.OtlpEndpoint + "/v1/traces"
        )
        {
            Headers = { Host = host },
        };
        export.Headers.Add(DashboardServer.OtlpApiKeyHeader, dashboard.Server.OtlpApiKey);

        (await dashboard.Browser.SendAsync(page)).StatusCode.ShouldBe((HttpStatusCode)421);
        (await dashboard.Browser.SendAsync(export)).StatusCode.ShouldBe((HttpStatusCode)421);
    }

    [Fact]
    public async Task Get_ByLocalhost_IsAnswered()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        var port = new Uri(dashboard.Server.Url).Port;
        using var page = new HttpRequestMessage(HttpMethod.Get, "/")
        {
            Headers = { Host = $"localhost:{port}" },
        };

        (await dashboard.Browser.SendAsync(page)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Command_WithCookieAndHeader_ReachesTheSource()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        dashboard.Source.Set(Web);

        using var answer = await dashboard.Browser.SendAsync(Post("1", null));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        dashboard.Source.Commands.ShouldBe([("web", DashboardCommand.Stop)]);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("0", null)]
    [InlineData("1", "http://127.0.0.1:1")]
    [InlineData("1", "https://example.com")]
    [InlineData("1", "null")]
    public async Task Command_NotFromOwnPage_Is403(string? header, string? origin)
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        dashboard.Source.Set(Web);

        using var answer = await dashboard.Browser.SendAsync(Post(header, origin));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        dashboard.Source.Commands.ShouldBeEmpty();
    }

    [Fact]
    public async Task Command_WithoutLogin_Is401()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        dashboard.Source.Set(Web);

        using var answer = await dashboard.Stranger.SendAsync(Post("1", null));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        dashboard.Source.Commands.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/resources/web/start", HttpStatusCode.Conflict)]
    [InlineData("/api/resources/web/7", HttpStatusCode.NotFound)]
    [InlineData("/api/resources/web/erase", HttpStatusCode.NotFound)]
    [InlineData("/api/resources/other/stop", HttpStatusCode.NotFound)]
    public async Task Command_NotOffered_IsRefused(string path, HttpStatusCode status)
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        dashboard.Source.Set(Web);

        using var answer = await dashboard.Browser.SendAsync(Post("1", null, path));

        answer.StatusCode.ShouldBe(status);
        dashboard.Source.Commands.ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_AnyAnswer_ForbidsForeignScriptsAndFrames()
    {
        await using var dashboard = await DashboardFixture.StartAsync();

        using var answer = await dashboard.Browser.GetAsync("/");

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Fact]
    public async Task StartAsync_PortTaken_NamesThePort()
    {
        await using var first = await DashboardFixture.StartAsync();
        var port = new Uri(first.Server.Url).Port;

        var error = await Should.ThrowAsync<IOException>(() =>
            DashboardServer.StartAsync(new FakeSource(), new DashboardOptions { Port = port })
        );

        error.Message.ShouldContain($"127.0.0.1:{port}");
    }

    [Fact]
    public async Task StartAsync_ShortToken_IsRefused() =>
        await Should.ThrowAsync<ArgumentException>(() =>
            DashboardServer.StartAsync(new FakeSource(), new DashboardOptions { Token = "short" })
        );

    private static HttpRequestMessage Post(
        string? header,
        string? origin,
        string path = "/api/resources/web/stop"
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (header is not null)
        {
            request.Headers.Add("X-Dashboard-Request", header);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return request;
    }
}
