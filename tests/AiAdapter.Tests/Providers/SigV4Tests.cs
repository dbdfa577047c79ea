using ApiSvc.AiAdapter.Providers;

namespace ApiSvc.AiAdapter.Tests.Providers;

/// <summary>AWS' published test suite for Signature Version 4.</summary>
public sealed class SigV4Tests
{
    private static readonly Credential Key = Credential.Aws(
        "AKIDEXAMPLE",
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    );

    private static readonly SigningScope Scope = new(
        "us-east-1",
        "service",
        new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero)
    );

    [Theory]
    [InlineData(
        "GET",
        "/",
        "",
        "",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    )]
    [InlineData(
        "POST",
        "/",
        "",
        "",
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    )]
    [InlineData(
        "GET",
        "/?Param2=value2&Param1=value1",
        "",
        "",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    )]
    [InlineData(
        "GET",
        "/ሴ",
        "",
        "",
        "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"
    )]
    [InlineData(
        "POST",
        "/",
        "My-Header1:VALUE1",
        "",
        "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"
    )]
    [InlineData(
        "POST",
        "/",
        "Content-Type:application/x-www-form-urlencoded",
        "Param1=value1",
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
    )]
    [InlineData(
        "GET",
        "/",
        "My-Header1: value1;My-Header2: \"a   b   c\"",
        "",
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
    )]
    public void Sign_PublishedVector_GivesItsSignature(
        string method,
        string path,
        string headers,
        string body,
        string signature
    )
    {
        var signed = SigV4.Sign(
            method,
            new Uri($"https://example.amazonaws.com{path}"),
            System.Text.Encoding.UTF8.GetBytes(body),
            Key,
            Scope,
            headers
                .Split(';', StringSplitOptions.RemoveEmptyEntries)
                .Select(header => KeyValuePair.Create(header.Split(':')[0], header.Split(':')[1])),
            escapeTwice: false
        );

        signed.ShouldContain(header =>
            header.Key == "X-Amz-Date" && header.Value == "20150830T123600Z"
        );
        signed[^1].Value.ShouldEndWith($"Signature={signature}");
    }

    [Fact]
    public void Sign_EscapedPath_IsEscapedOnceMoreThanItIsSent()
    {
        var twice = Signature("https://b.example/model/a.b%3A0/converse", escapeTwice: true);
        var sent = Signature("https://b.example/model/a.b%253A0/converse", escapeTwice: false);

        twice.ShouldBe(sent);
        twice.ShouldNotBe(
            Signature("https://b.example/model/a.b%3A0/converse", escapeTwice: false)
        );
    }

    [Fact]
    public void Sign_SessionToken_IsSentAndSigned()
    {
        var signed = SigV4.Sign(
            "POST",
            new Uri("https://b.example/"),
            [],
            Credential.Aws("A", "S", "the-session"),
            Scope,
            []
        );

        signed.ShouldContain(KeyValuePair.Create("X-Amz-Security-Token", "the-session"));
        signed[^1].Value.ShouldContain("SignedHeaders=host;x-amz-date;x-amz-security-token,");
    }

    [Fact]
    public void Credential_ToString_SaysNothing() =>
        new Deployment
        {
            Name = "d",
            Provider = new()
            {
                Name = "p",
                Family = "openai-chat",
                Address = "https://p.example",
            },
            Model = "m",
            KeyName = "k",
            Credential = Credential.Key("very-secret"),
        }
            .ToString()
            .ShouldNotContain("very-secret");

    private static string Signature(string address, bool escapeTwice) =>
        SigV4.Sign("POST", new Uri(address), "{}"u8, Key, Scope, [], escapeTwice)[^1].Value;
}
