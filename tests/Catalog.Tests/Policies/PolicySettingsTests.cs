using System.Text.Json;
using ApiSvc.Catalog.Policies;
using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf;

namespace ApiSvc.Catalog.Tests.Policies;

public sealed class PolicySettingsTests
{
    [Theory]
    [InlineData(
        "ip-rules",
        """{"allow":["10.0.0.0/8","2001:db8::/32"],"deny":["10.1.2.3"]}""",
        """{"allow":["10.0.0.0/8","2001:db8::/32"],"deny":["10.1.2.3/32"]}"""
    )]
    [InlineData("ip-rules", """{"allow":[]}""", """{"allow":[]}""")]
    [InlineData(
        "authentication",
        """{"methods":[{"apiKey":{}},{"jwt":{"issuers":["https://id.example"]}},{"anonymous":{}}]}""",
        """{"methods":[{"apiKey":{"header":"x-api-key"}},{"jwt":{"issuers":["https://id.example"]}},{"anonymous":{}}]}"""
    )]
    [InlineData(
        "authentication",
        """{"methods":[{"apiKey":{"query":"key"}}]}""",
        """{"methods":[{"apiKey":{"query":"key"}}]}"""
    )]
    [InlineData(
        "limit",
        """{"rate":100,"periodSeconds":60}""",
        """{"rate":100,"periodSeconds":60,"burst":100,"countedBy":"subscription"}"""
    )]
    [InlineData(
        "limit",
        """{"countedBy":"address","burst":5,"rate":1,"periodSeconds":1}""",
        """{"rate":1,"periodSeconds":1,"burst":5,"countedBy":"address"}"""
    )]
    [InlineData(
        "quota",
        """{"count":7,"window":"month","countedBy":"user"}""",
        """{"count":7,"window":"month","countedBy":"user"}"""
    )]
    [InlineData(
        "cors",
        """{"allowedOrigins":["https://app.example:8443"],"allowCredentials":true,"maxAgeSeconds":0}""",
        """{"allowedOrigins":["https://app.example:8443"],"allowCredentials":true,"maxAgeSeconds":0}"""
    )]
    [InlineData(
        "cors",
        """{"allowedOrigins":["*"],"allowedMethods":["GET"],"allowedHeaders":["x-a"],"exposedHeaders":["x-b"]}""",
        """{"allowedOrigins":["*"],"allowedMethods":["GET"],"allowedHeaders":["x-a"],"exposedHeaders":["x-b"]}"""
    )]
    [InlineData(
        "headers",
        """{"request":[{"action":"set","name":"x-a","value":"ü b"}],"response":[{"name":"server","action":"remove"}]}""",
        """{"request":[{"action":"set","name":"x-a","value":"ü b"}],"response":[{"action":"remove","name":"server"}]}"""
    )]
    [InlineData(
        "path",
        """{"template":"/v2/{id}.json","keepBasePath":true}""",
        """{"template":"/v2/{id}.json","keepBasePath":true}"""
    )]
    [InlineData("upstream", """{"name":"reports"}""", """{"name":"reports"}""")]
    public void ReadList_Settings_BecomeCanonicalAndAMessageAndBack(
        string type,
        string given,
        string canonical
    )
    {
        var list = Read($$"""[{"type":"{{type}}","settings":{{given}}}]""");

        list.Violations.ShouldBeEmpty();
        var entry = list.Entries.ShouldHaveSingleItem();
        entry.ShouldBe(new PolicyEntry(type, canonical));
        PolicySettings
            .FromMessage(type, PolicySettings.ToMessage(entry).ToByteString())
            .ShouldBe(entry);
    }

    [Fact]
    public void ToMessage_Limit_IsTheGatewaysMessage()
    {
        var message = (LimitSettings)
            PolicySettings.ToMessage(
                new(
                    "limit",
                    """{"rate":100,"periodSeconds":60,"burst":20,"countedBy":"application"}"""
                )
            );

        message.Limit.Rate.ShouldBe(100UL);
        message.Limit.Period.Seconds.ShouldBe(60);
        message.Limit.Burst.ShouldBe(20UL);
        message.CountedBy.ShouldBe(CountedBy.Application);
    }

    [Theory]
    [InlineData(
        "ip-rules",
        """{"allow":["10.0.0.1/8"],"deny":["x",5]}""",
        "#/p/0/settings/allow/0 invalid",
        "#/p/0/settings/deny/0 invalid",
        "#/p/0/settings/deny/1 wrong_type"
    )]
    [InlineData("ip-rules", "{}", "#/p/0/settings required")]
    [InlineData(
        "ip-rules",
        """{"allow":["::1","::1"],"allowed":[]}""",
        "#/p/0/settings/allow/1 duplicate",
        "#/p/0/settings/allowed unknown_property"
    )]
    [InlineData("authentication", "{}", "#/p/0/settings/methods required")]
    [InlineData(
        "authentication",
        """{"methods":[{},{"apiKey":{"header":"a b"},"jwt":{}}]}""",
        "#/p/0/settings/methods/0 one_of",
        "#/p/0/settings/methods/1 one_of",
        "#/p/0/settings/methods/1/apiKey/header invalid"
    )]
    [InlineData(
        "authentication",
        """{"methods":[{"jwt":{"issuers":["ftp://x"]}},{"anonymous":{"a":1}}]}""",
        "#/p/0/settings/methods/0/jwt/issuers/0 invalid",
        "#/p/0/settings/methods/1/anonymous/a unknown_property"
    )]
    [InlineData(
        "limit",
        """{"rate":0,"periodSeconds":1.5,"burst":"x","countedBy":"me"}""",
        "#/p/0/settings/burst out_of_range",
        "#/p/0/settings/countedBy unknown_value",
        "#/p/0/settings/periodSeconds out_of_range",
        "#/p/0/settings/rate out_of_range"
    )]
    [InlineData(
        "limit",
        "{}",
        "#/p/0/settings/periodSeconds required",
        "#/p/0/settings/rate required"
    )]
    [InlineData(
        "quota",
        """{"count":-1,"window":"year"}""",
        "#/p/0/settings/count out_of_range",
        "#/p/0/settings/window unknown_value"
    )]
    [InlineData(
        "cors",
        """{"allowedOrigins":["*","https://a.example"],"allowCredentials":true}""",
        "#/p/0/settings/allowCredentials contradiction",
        "#/p/0/settings/allowedOrigins contradiction"
    )]
    [InlineData(
        "cors",
        """{"allowedOrigins":["https://a.example/"],"allowedMethods":["get"],"maxAgeSeconds":86401}""",
        "#/p/0/settings/allowedMethods/0 invalid",
        "#/p/0/settings/allowedOrigins required",
        "#/p/0/settings/allowedOrigins/0 invalid",
        "#/p/0/settings/maxAgeSeconds out_of_range"
    )]
    [InlineData(
        "headers",
        """{"request":[{"action":"set","name":"Content-Length","value":"1"},{"action":"add","name":"X-ApiSvc-Caller","value":"1"}]}""",
        "#/p/0/settings/request/0/name invalid",
        "#/p/0/settings/request/1/name invalid"
    )]
    [InlineData(
        "headers",
        """{"response":[{"action":"set","name":"x","value":"a\r\nb"},{"action":"remove","name":"x","value":"a"},{"action":"set","name":"x"}]}""",
        "#/p/0/settings/response/0/value invalid",
        "#/p/0/settings/response/1/value contradiction",
        "#/p/0/settings/response/2/value required"
    )]
    [InlineData("path", """{"template":"x"}""", "#/p/0/settings/template invalid")]
    [InlineData("path", """{"template":"/{other}"}""", "#/p/0/settings/template invalid")]
    [InlineData("path", "{}", "#/p/0/settings required")]
    [InlineData("path", "[]", "#/p/0/settings wrong_type")]
    [InlineData("magic", "{}", "#/p/0/type unknown_type")]
    public void ReadList_Mistakes_AreAllTold(string type, string settings, params string[] expected)
    {
        var list = Read($$"""[{"type":"{{type}}","settings":{{settings}}}]""");

        list.IsValid.ShouldBeFalse();
        list.Entries.ShouldBeEmpty();
        list.Violations.Select(violation => $"{violation.Location} {violation.Code}")
            .Where(told =>
                !told.EndsWith("settings required", StringComparison.Ordinal)
                || expected.Contains(told)
            )
            .Order(StringComparer.Ordinal)
            .ShouldBe(expected);
        list.Violations.ShouldAllBe(violation => violation.Detail.Length > 0);
    }

    [Theory]
    [InlineData("5", "#/p wrong_type")]
    [InlineData("[5]", "#/p/0 wrong_type")]
    [InlineData("[{}]", "#/p/0/type required")]
    [InlineData("""[{"type":"limit"}]""", "#/p/0/settings required")]
    [InlineData(
        """[{"type":"cors","settings":{"allowedOrigins":["*"]}},{"type":"cors","settings":{"allowedOrigins":["*"]}}]""",
        "#/p/1 duplicate"
    )]
    [InlineData(
        """[{"type":"limit","settings":{"rate":1,"rate":2,"periodSeconds":1},"x":1}]""",
        "#/p/0/settings/rate duplicate",
        "#/p/0/x unknown_property"
    )]
    public void ReadList_Lists_AreChecked(string list, params string[] expected) =>
        Read(list)
            .Violations.Select(violation => $"{violation.Location} {violation.Code}")
            .Order(StringComparer.Ordinal)
            .ShouldBe(expected);

    [Fact]
    public void ReadList_SeveralLimits_AreTaken() =>
        Read(
            """[{"type":"limit","settings":{"rate":1,"periodSeconds":1}},{"type":"limit","settings":{"rate":50,"periodSeconds":60,"countedBy":"address"}}]"""
        )
            .Entries.Count.ShouldBe(2);

    [Theory]
    [InlineData("Platform", "path", """{"template":"/x"}""", "wrong_level")]
    [InlineData("Team", "path", """{"keepBasePath":true}""", "wrong_level")]
    [InlineData("Version", "path", """{"template":"/{id}"}""", "invalid")]
    [InlineData("Version", "path", """{"template":"/x"}""", null)]
    [InlineData("Team", "upstream", """{"name":"reports"}""", "wrong_level")]
    [InlineData("Version", "upstream", """{"name":"reports"}""", null)]
    public void ReadList_Policy_HasItsLevels(
        string level,
        string type,
        string settings,
        string? code
    )
    {
        using var json = JsonDocument.Parse($$"""[{"type":"{{type}}","settings":{{settings}}}]""");

        var list = PolicySettings.ReadList(json.RootElement, "#/p", Enum.Parse<PolicyLevel>(level));

        list.Violations.Select(violation => violation.Code).ShouldBe(code is null ? [] : [code]);
    }

    [Fact]
    public void ToMessage_UncheckedSettings_Throws() =>
        Should.Throw<InvalidOperationException>(() => PolicySettings.ToMessage(new("limit", "{}")));

    private static PolicyList Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return PolicySettings.ReadList(
            document.RootElement,
            "#/p",
            PolicyLevel.Operation,
            "/items/{id}"
        );
    }
}
