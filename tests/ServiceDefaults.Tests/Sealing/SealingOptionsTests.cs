using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Tests.Sealing;

public sealed class SealingOptionsTests
{
    [Fact]
    public async Task Start_WithoutKeys_SaysHowToMakeOne()
    {
        var failure = await StartAsync([]);

        failure.Message.ShouldContain(
            "Sealing:ActiveKey (environment variable Sealing__ActiveKey)"
        );
        failure.Message.ShouldContain("openssl rand -base64 32");
    }

    [Fact]
    public async Task Start_ActiveKeyNotInRing_NamesIt() =>
        (
            await StartAsync(new(RestHost.Keys) { ["Sealing:ActiveKey"] = "k9" })
        ).Message.ShouldContain("There is no key 'k9'");

    [Theory]
    [InlineData("not base64!")]
    [InlineData("c2hvcnQ=")]
    public async Task Start_NoKey_NamesTheKeyAndNotItsValue(string value)
    {
        var failure = await StartAsync(new(RestHost.Keys) { ["Sealing:Keys:k2"] = value });

        failure.Message.ShouldContain("Sealing:Keys:k2");
        failure.Message.ShouldNotContain(value);
    }

    [Fact]
    public async Task Start_KeyInUse_IsNotInTheLog()
    {
        await using var host = await RestHost.StartAsync(_ => { });

        var line = host.Log.Entries.Single(e => e.Text.Contains("Configuration of Sealing"));
        line.Text.ShouldContain("Sealing:ActiveKey=k1");
        line.Text.ShouldContain("Sealing:Keys:k1=***");
        host.Log.Entries.ShouldNotContain(e => e.Text.Contains(RestHost.Keys["Sealing:Keys:k1"]!));
    }

    private static Task<OptionsValidationException> StartAsync(
        Dictionary<string, string?> settings
    ) =>
        Should.ThrowAsync<OptionsValidationException>(async () =>
        {
            await using var host = await RestHost.StartAsync(_ => { }, settings);
        });
}
