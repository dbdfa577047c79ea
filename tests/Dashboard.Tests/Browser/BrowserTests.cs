using ApiSvc.Dashboard.Tests.Otlp;
using ApiSvc.Testing;
using Aspire.Hosting.Dashboard;
using Microsoft.Playwright;

namespace ApiSvc.Dashboard.Tests.Browser;

/// <summary>The pages as a person uses them; screenshots are in <c>TestResults/screenshots</c>.</summary>
public sealed class BrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    private readonly List<string> _errors = [];

    [Fact]
    public async Task Resources_AreShownWithoutSecrets()
    {
        await using var dashboard = await DashboardFixture.StartAsync(SampleResources.Create());
        var page = await OpenAsync(dashboard);

        var row = page.Locator("tr[data-resource=catalog]");
        await row.GetByText("Healthy").WaitForAsync();
        (
            await row.GetByRole(AriaRole.Link, new() { Name = "127.0.0.1:45310" })
                .GetAttributeAsync("href")
        ).ShouldBe("http://127.0.0.1:45310");
        (await page.Locator("tr[data-resource=gateway-ab12]").InnerTextAsync()).ShouldContain(
            "1 of 2 replicas"
        );
        await Chromium.ShootAsync(page, "resources");

        await row.GetByRole(AriaRole.Link, new() { Name = "catalog", Exact = true }).ClickAsync();
        var details = page.GetByRole(AriaRole.Complementary);
        await details.GetByText("ConnectionStrings__catalogdb").WaitForAsync();
        (await page.ContentAsync()).ShouldNotContain("never-shown");
        (await details.InnerTextAsync()).ShouldContain("hidden");
        await Chromium.ShootAsync(page, "resource-details");

        await page.GetByLabel("Filter resources").FillAsync("redis");
        await page.Locator("tr[data-resource=redis]").WaitForAsync();
        (await page.Locator("tr[data-resource]").CountAsync()).ShouldBe(1);
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stop_AfterTheQuestion_CallsTheSource()
    {
        await using var dashboard = await DashboardFixture.StartAsync(SampleResources.Create());
        var page = await OpenAsync(dashboard);
        var stop = page.GetByRole(AriaRole.Button, new() { Name = "Stop catalog" });

        await stop.ClickAsync();
        await Chromium.ShootAsync(page, "stop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        dashboard.Source.Commands.ShouldBeEmpty();
        await stop.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();

        await page.Locator("tr[data-resource=catalog]").GetByText("Exited (code 0)").WaitForAsync();
        dashboard.Source.Commands.ShouldBe([("catalog", DashboardCommand.Stop)]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start catalog" }).WaitForAsync();
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Command_ThatFails_TellsWhy()
    {
        await using var dashboard = await DashboardFixture.StartAsync(SampleResources.Create());
        dashboard.Source.CommandError = "Port 45310 is taken by another program.";
        var page = await OpenAsync(dashboard);

        await page.GetByRole(AriaRole.Button, new() { Name = "Restart catalog" }).ClickAsync();

        await page.GetByText("Port 45310 is taken by another program.").WaitForAsync();
    }

    [Fact]
    public async Task Logs_NewLine_AppearsAndIsFound()
    {
        await using var dashboard = await DashboardFixture.StartAsync(SampleResources.Create());
        var page = await OpenAsync(dashboard, "logs/catalog");
        var lines = page.GetByLabel("Log lines").Locator("li");

        await lines.GetByText("Publishing revision.deployed failed").WaitForAsync();
        dashboard.Source.Write("catalog", "info: a line that came later <script>alert(1)</script>");
        await lines.GetByText("a line that came later <script>").WaitForAsync();
        (await lines.Last.GetAttributeAsync("class")).ShouldBe("information");
        (
            await lines.Last.EvaluateAsync<bool>(
                "line => line.getBoundingClientRect().bottom <= innerHeight"
            )
        ).ShouldBeTrue();
        await Chromium.ShootAsync(page, "logs");

        await page.GetByLabel("Search").FillAsync("DEPLOYED TO TEST");
        await page.GetByText("40 of 89 lines").WaitForAsync();
        (await lines.CountAsync()).ShouldBe(40);
        (await page.Locator("mark").CountAsync()).ShouldBe(40);
        await Chromium.ShootAsync(page, "logs-search");
        await page.GetByLabel("Search").FillAsync("");
        await page.GetByLabel("Level").SelectOptionAsync("Error and above");
        await page.GetByText("4 of 89 lines").WaitForAsync();

        await page.GetByLabel("Level").SelectOptionAsync("All levels");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        dashboard.Source.Write("catalog", "info: written while nobody looks");
        await page.GetByText("paused, 1 new").WaitForAsync();
        (await lines.GetByText("written while nobody looks").CountAsync()).ShouldBe(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await lines.GetByText("written while nobody looks").WaitForAsync();
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Logs_MoreThanThePageHolds_LoseTheFirst()
    {
        await using var dashboard = await DashboardFixture.StartAsync(SampleResources.Create());
        var page = await OpenAsync(dashboard, "logs/redis");
        await page.GetByText("redis has not written anything.").WaitForAsync();

        for (var i = 1; i <= 6000; i++)
        {
            dashboard.Source.Write("redis", $"line {i}");
        }

        var lines = page.GetByLabel("Log lines").Locator("li");
        await lines.GetByText("line 6000", new() { Exact = true }).WaitForAsync();
        (await lines.CountAsync()).ShouldBe(5000);
        (await lines.First.InnerTextAsync()).ShouldContain("line 1001");
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Trace_OfTwoServices_IsSeenAsOne()
    {
        await using var dashboard = await DashboardFixture.StartAsync(SampleResources.Create());
        var page = await OpenAsync(dashboard, "traces");
        await page.GetByText("No traces yet").WaitForAsync();

        var id = SampleServices.SendTrace(dashboard.Server);
        SampleServices.SendTrace(dashboard.Server);
        await page.Locator($"tr[data-trace='{id}']").WaitForAsync();
        await Eventually.HoldsAsync(
            async () =>
                await page.Locator("tr[data-trace] .services").GetByText("analytics").CountAsync()
                == 2,
            "both services of both traces"
        );
        await Chromium.ShootAsync(page, "traces");
        await page.GetByLabel("Filter traces").FillAsync(id);
        await page.GetByRole(AriaRole.Link, new() { Name = "POST /orders/{id}" }).ClickAsync();

        var spans = page.Locator(".span");
        await spans.First.WaitForAsync();
        (await page.Locator(".span[data-service=gateway]").CountAsync()).ShouldBe(3);
        (await page.Locator(".span[data-service=analytics]").CountAsync()).ShouldBe(2);
        await spans.Nth(1).GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByText("exception.message").WaitForAsync();
        await page.GetByText("Upstream orders gave up").First.WaitForAsync();
        await Chromium.ShootAsync(page, "trace");
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Metrics_OfAService_AreDrawn()
    {
        await using var dashboard = await DashboardFixture.StartAsync(SampleResources.Create());
        SampleMetrics.Send(dashboard.Server);
        SampleServices.SendMetrics(dashboard.Server);
        var page = await OpenAsync(dashboard, "metrics");

        await page.GetByRole(AriaRole.Img, new() { Name = "Requests: all" }).WaitForAsync();
        await page.GetByText("apisvc.gateway.generation").WaitForAsync();
        (await page.Locator("figure.chart").CountAsync()).ShouldBe(6);
        await Chromium.ShootAsync(page, "metrics");
        _errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ColorScheme.Dark, 1280, "dark")]
    [InlineData(ColorScheme.Light, 390, "narrow")]
    public async Task Pages_OtherColoursAndWidths_DoNotOverflow(
        ColorScheme colours,
        int width,
        string name
    )
    {
        await using var dashboard = await DashboardFixture.StartAsync(SampleResources.Create());
        var id = SampleServices.SendTrace(dashboard.Server);
        SampleMetrics.Send(dashboard.Server);
        SampleServices.SendMetrics(dashboard.Server);
        var page = await OpenAsync(dashboard, "resources", width, colours);
        foreach (
            var (place, sign) in new[]
            {
                ("resources", "tr[data-resource=catalog]"),
                ("logs/catalog", ".log li"),
                ("traces", "tr[data-trace]"),
                ($"trace/{id}", ".span"),
                ("metrics/gateway", "figure.chart"),
            }
        )
        {
            await page.GotoAsync($"{dashboard.Server.Url}/#/{place}");
            await page.Locator(sign).First.WaitForAsync();
            (
                await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")
            ).ShouldBeLessThanOrEqualTo(width, place);
            await Chromium.ShootAsync(page, $"{place.Split('/')[0]}-{name}");
        }

        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_WithoutLogin_SaysHow()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        var page = await chromium.OpenAsync(_errors);

        await page.GotoAsync(dashboard.Server.Url);

        await page.GetByRole(AriaRole.Heading, new() { Name = "Log in" }).WaitForAsync();
        await Chromium.ShootAsync(page, "login");
    }

    [Fact]
    public async Task Resources_None_AreSaidInWords()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        var page = await OpenAsync(dashboard);

        await page.GetByText("No resources yet").WaitForAsync();
        dashboard.Source.Set(new("late", "Project", "Running"));
        await page.Locator("tr[data-resource=late]").WaitForAsync();
        _errors.ShouldBeEmpty();
    }

    private async Task<IPage> OpenAsync(
        DashboardFixture dashboard,
        string place = "resources",
        int width = 1280,
        ColorScheme colours = ColorScheme.Light
    )
    {
        var page = await chromium.OpenAsync(_errors, width, colours);
        await page.GotoAsync(dashboard.Server.LoginUrl);
        await page.GotoAsync($"{dashboard.Server.Url}/#/{place}");
        return page;
    }
}
