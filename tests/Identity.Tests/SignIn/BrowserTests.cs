namespace ApiSvc.Identity.Tests.SignIn;

/// <summary>
/// The pages as people use them, in Chromium: on the way every page is judged for accessibility, light and dark, wide and narrow;
/// screenshots are in <c>TestResults/screenshots/identity</c>.
/// </summary>
public sealed class BrowserTests(BrowserScene scene) : IClassFixture<BrowserScene>
{
    [Theory]
    [InlineData("password")]
    [InlineData("email")]
    [InlineData("secondFactor")]
    [InlineData("sessions")]
    [InlineData("reset")]
    [InlineData("invitation")]
    [InlineData("registration")]
    [InlineData("external")]
    [InlineData("consent")]
    [InlineData("device")]
    public Task Walk_ByPeople_EndsWhereItShould(string scenario) => scene.WalkAsync(scenario);
}
