using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace ApiSvc.Dashboard.Tests.Browser;

/// <summary>The dashboard of the whole suite, as its AppHost serves it.</summary>
public sealed class SuiteTests(Chromium chromium) : IClassFixture<Chromium>
{
    private readonly List<string> _errors = [];

    [Fact]
    public async Task Suite_IsShownWithoutSecretsAndCommanded()
    {
        await using var app = await StartAsync();
        var page = await OpenAsync(app);

        foreach (var name in (string[])["postgres", "redis", "kafka", "catalog", "gateway"])
        {
            await page.Locator($"tr[data-resource={name}]").GetByText("Healthy", new() { Exact = true }).WaitForAsync();
        }

        await Chromium.ShootAsync(page, "suite");
        await page.Locator("tr[data-resource=identity]")
            .GetByRole(AriaRole.Link, new() { Name = "identity", Exact = true })
            .ClickAsync();
        var details = page.GetByRole(AriaRole.Complementary);
        await details.GetByText("Sealing__Keys__first").WaitForAsync();
        await Chromium.ShootAsync(page, "suite-details");
        var content = await page.ContentAsync();
        foreach (
            var secret in app
                .Services.GetRequiredService<DistributedApplicationModel>()
                .Resources.OfType<ParameterResource>()
                .Where(p => p.Secret)
        )
        {
            content.ShouldNotContain(
                (await secret.GetValueAsync(TestContext.Current.CancellationToken))!,
                Case.Sensitive,
                secret.Name
            );
        }

        await page.GotoAsync($"{Address(app)}/#/logs/catalog");
        await page.GetByText("Now listening on").First.WaitForAsync();
        await page.GotoAsync($"{Address(app)}/#/resources");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop portal" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();
        var portal = page.Locator("tr[data-resource=portal]");
        await portal.GetByText("Exited (code 0)").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start portal" }).ClickAsync();
        await portal.GetByText("Healthy", new() { Exact = true }).WaitForAsync();
        _errors.ShouldBeEmpty();
    }

    private static async Task<DistributedApplication> StartAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [],
            (options, _) => options.DisableDashboard = false,
            cancellation
        );
        var app = await builder.BuildAsync(cancellation);
        await app.StartAsync(cancellation);
        return app;
    }

    private static string Address(DistributedApplication app) =>
        app.Services.GetRequiredService<IConfiguration>()["ASPNETCORE_URLS"]!;

    private async Task<IPage> OpenAsync(DistributedApplication app)
    {
        var token = app.Services.GetRequiredService<IConfiguration>()["AppHost:BrowserToken"];
        var page = await chromium.OpenAsync(_errors);
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync($"{Address(app)}/login?t={token}");
        return page;
    }
}
