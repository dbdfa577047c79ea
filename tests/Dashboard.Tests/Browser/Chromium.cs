using ApiSvc.Testing;
using Microsoft.Playwright;

namespace ApiSvc.Dashboard.Tests.Browser;

/// <summary>The system's Chromium, driven by Playwright, for all tests of a class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = "/usr/bin/chromium",
                // Root has no sandbox; the rest keeps it from calling home.
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
    }

    /// <summary>A page of a fresh browser profile; it fails the test when a script fails or the policy blocks something.</summary>
    internal async Task<IPage> OpenAsync(
        List<string> errors,
        int width = 1280,
        ColorScheme colours = ColorScheme.Light
    )
    {
        var context = await _browser!.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 800 },
                ColorScheme = colours,
                TimezoneId = "UTC",
            }
        );
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(15_000);
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };
        return page;
    }

    internal static Task ShootAsync(IPage page, string name) =>
        page.ScreenshotAsync(
            new()
            {
                Path = Path.Combine(
                    Repository.Root,
                    "TestResults",
                    "screenshots",
                    $"dashboard-{name}.png"
                ),
            }
        );

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
