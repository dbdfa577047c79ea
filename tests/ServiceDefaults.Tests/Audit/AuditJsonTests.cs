using System.Text.Json;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Configuration;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.ServiceDefaults.Tests.Audit;

public sealed class AuditJsonTests
{
    private sealed record Inner([property: Secret] byte[]? Key, string Note);

    private sealed record Provider(
        string Name,
        [property: Secret] string? Handle,
        [property: Secret] int Pin,
        Inner Inner,
        IReadOnlyDictionary<string, object?> Settings
    );

    [Fact]
    public void Write_MarkedAndNamedSecrets_AreReplacedAtEveryDepth()
    {
        var json = AuditJson.Write(
            new Provider(
                "p",
                "s3cr3t-handle",
                4711,
                new Inner([1, 2, 3], "n"),
                new Dictionary<string, object?>
                {
                    ["client_secret"] = "s3cr3t-1",
                    ["X-Api-Key"] = "s3cr3t-2",
                    ["list"] = new object[] { new { Password = "s3cr3t-3", User = "u" } },
                    ["token"] = null,
                    ["tokens"] = 5,
                }
            )
        );

        json.ShouldBe(
            """{"name":"p","handle":"***","pin":"***","inner":{"key":"***","note":"n"},"settings":{"client_secret":"***","X-Api-Key":"***","list":[{"password":"***","user":"u"}],"token":null,"tokens":5}}"""
        );
    }

    [Fact]
    public void Write_UnsetSecret_ShowsThatItIsUnset() =>
        AuditJson.Write(new Inner(null, "n")).ShouldBe("""{"key":null,"note":"n"}""");

    [Fact]
    public void Write_JsonAndMessages_AreCleanedByName()
    {
        using var document = JsonDocument.Parse("""{"a":{"password":{"deep":1}}}""");
        AuditJson.Write(document.RootElement).ShouldBe("""{"a":{"password":"***"}}""");
        AuditJson
            .Write(Struct.Parser.ParseJson("""{"apiKey":"s3cr3t","name":"n"}"""))
            .ShouldBe("""{"apiKey":"***","name":"n"}""");
    }

    [Fact]
    public void Write_Nothing_IsNothing() => AuditJson.Write(null).ShouldBeNull();
}
