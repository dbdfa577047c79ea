using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Playwright;

namespace ApiSvc.Dashboard.Tests.Browser;

/// <summary>The dashboard of the whole suite, as its AppHost serves it.</summary>
public sealed class SuiteTests(Chromium chromium, RunningSuite suite)
    : IClassFixture<Chromium>,
        IClassFixture<RunningSuite>
{
    private readonly List<string> _errors = [];

    [Fact]
    public async Task Suite_IsShownWithoutSecretsAndCommanded()
    {
        var page = await OpenAsync();

        foreach (var name in (string[])["postgres", "redis", "kafka", "catalog", "gateway"])
        {
            await page.Locator($"tr[data-resource={name}]")
                .GetByText("Healthy", new() { Exact = true })
                .WaitForAsync();
        }

        await Chromium.ShootAsync(page, "suite");
        await page.Locator("tr[data-resource=identity]")
            .GetByRole(AriaRole.Link, new() { Name = "identity", Exact = true })
            .ClickAsync();
        var details = page.GetByRole(AriaRole.Complementary);
        await details.GetByText("Sealing__Keys__first").WaitForAsync();
        await Chromium.ShootAsync(page, "suite-details");
        var content = await page.ContentAsync();
        foreach (var secret in suite.Secrets)
        {
            var value = (await secret.GetValueAsync(TestContext.Current.CancellationToken))!;
            content.ShouldNotContain(value, Case.Sensitive, secret.Name);
        }

        await page.GotoAsync($"{suite.DashboardAddress}/#/logs/catalog");
        await page.GetByText("Now listening on").First.WaitForAsync();
        await page.GotoAsync($"{suite.DashboardAddress}/#/resources");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop portal" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();
        var portal = page.Locator("tr[data-resource=portal]");
        await portal.GetByText("Exited (code 0)").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start portal" }).ClickAsync();
        await portal.GetByText("Healthy", new() { Exact = true }).WaitForAsync();
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Trace_ThroughKafka_IsSeenInBothServices()
    {
        var page = await OpenAsync();

        // The catalog tells of a deleted application by an event, and Identity takes its credentials away.
        var team = await suite.SendAsync(
            "identity",
            HttpMethod.Post,
            "/v1/teams",
            new JsonObject { ["slug"] = "traced", ["name"] = "Traced" }
        );
        var application = await suite.SendAsync(
            "catalog",
            HttpMethod.Post,
            $"/v1/teams/{team!["id"]}/applications",
            new JsonObject { ["name"] = "Traced" }
        );
        await suite.SendAsync(
            "catalog",
            HttpMethod.Delete,
            $"/v1/applications/{application!["id"]}"
        );

        await page.GotoAsync($"{suite.DashboardAddress}/#/traces");
        await page.GetByLabel("Filter traces").FillAsync("DELETE");
        var trace = page.Locator("tr[data-trace]")
            .Filter(new() { HasText = "DELETE" })
            .Filter(new() { Has = page.Locator(".services").GetByText("identity") });
        await trace.First.WaitForAsync();
        await trace.First.GetByRole(AriaRole.Link).First.ClickAsync();
        await page.Locator(".span[data-service=catalog]").First.WaitForAsync();
        await page.Locator(".span[data-service=identity]")
            .GetByText("process apisvc.catalog")
            .WaitForAsync();
        await Chromium.ShootAsync(page, "suite-trace");
        _errors.ShouldBeEmpty();
    }

    private async Task<IPage> OpenAsync()
    {
        var page = await chromium.OpenAsync(_errors);
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync(suite.Login);
        return page;
    }
}
