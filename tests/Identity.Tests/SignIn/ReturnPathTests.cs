using ApiSvc.Identity.SignIn;

namespace ApiSvc.Identity.Tests.SignIn;

public sealed class ReturnPathTests
{
    [Theory]
    [InlineData("/account")]
    [InlineData("/connect/authorize?client_id=x&redirect_uri=https%3A%2F%2Fshop.example%2F")]
    [InlineData("/device?user_code=ABCD-EFGH")]
    public void Judge_PathHere_IsKept(string path) => ReturnPath.Judge(path).ShouldBe(path);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("account")]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("\\\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("javascript:alert(1)")]
    public void Judge_PathElsewhere_IsTheAccount(string? path) =>
        ReturnPath.Judge(path).ShouldBe("/account");

    [Theory]
    [InlineData(
        "/connect/authorize?redirect_uri=https%3A%2F%2Fshop.example%2Fcb",
        "https://shop.example/cb"
    )]
    [InlineData("/connect/authorize?redirect_uri=javascript%3Aalert(1)", null)]
    [InlineData("/device?redirect_uri=https%3A%2F%2Fshop.example%2Fcb", null)]
    [InlineData("/account", null)]
    public void FindClientAddress_OfAPath_IsTheClients(string path, string? address) =>
        ReturnPath.FindClientAddress(path).ShouldBe(address);
}
