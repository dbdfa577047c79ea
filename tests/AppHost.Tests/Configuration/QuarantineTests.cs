using System.Net;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Calls;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Sync;

namespace ApiSvc.AppHost.Tests.Configuration;

/// <summary>What a gateway's build cannot apply is set aside on it and told; everything else is served.</summary>
[Collection<OpenSuiteTests>]
public sealed class QuarantineTests(OpenSuite open)
{
    private const string Refused = "/demo/set-aside/orders";
    private const string Newer = "/demo/of-a-newer-build/orders";
    private const string Neighbour = "/demo/set-aside-not/orders";

    // A kind of resource that a later Catalog may have.
    private const uint LaterKind = 77;

    private static readonly byte[] LaterId = Guid.CreateVersion7().ToByteArray(bigEndian: true);

    [Fact]
    public async Task Resource_ThatThisBuildCannotApply_IsSetAsideToldAndServedOnceRepaired()
    {
        await using var catalog = await CatalogInside.OpenAsync(open);
        var shop = open.Shop;
        var first = await shop.DraftAsync("set-aside", selector: Selector("1", isDefault: true));
        var second = await shop.DraftAsync(
            "set-aside",
            selector: Selector("2", isDefault: false),
            api: await shop.ApiOfAsync(first)
        );
        var newer = await shop.DraftAsync("of-a-newer-build");
        var neighbour = await shop.DraftAsync("set-aside-not");
        foreach (var version in (string[])[first, second, newer, neighbour])
        {
            await shop.BindAsync(version, shop.Upstream);
            await shop.DeployAsync(version, "?wait=all&timeout=30s");
        }

        await AppendAsync(catalog, second, newer);

        await ShouldBeSetAsideAsync();
        await ShouldBeToldAsync(catalog, second, newer);
        await new GatewayNode(open).RestartAsync();
        await ShouldBeSetAsideAsync();
        await ShouldBeToldAsync(catalog, second, newer);

        // By the next deployment of each; the last as its own Catalog would take it back.
        await shop.DeployAsync(second, "?wait=all&timeout=30s");
        await shop.DeployAsync(newer, "?wait=all&timeout=30s");
        await catalog.AppendAsync(ResourceChange.Delete(LaterKind, LaterId));
        (await StatusAsync(Refused, "2")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(Newer)).ShouldBe(HttpStatusCode.OK);
        await Eventually.HoldsAsync(
            async () => (await GatewayAsync(catalog)).Quarantined.Count == 0,
            "nothing is set aside any more"
        );
        (await SyncAsync())["quarantined"]!.AsArray().ShouldBeEmpty();
    }

    // One generation, as of a Catalog that knows more than this gateway.
    private static async Task AppendAsync(CatalogInside catalog, string refused, string newer)
    {
        var unknown = await ReadAsync(catalog, refused);
        unknown.Availability = (Availability)99;
        var future = await ReadAsync(catalog, newer);
        future.Policies.Add(new Policy { Type = "telepathy" });
        await catalog.AppendAsync(
            ResourceChange.Put((uint)ResourceKind.Api, IdOf(refused), unknown),
            new ResourceChange(
                (uint)ResourceKind.Api,
                IdOf(newer),
                future,
                ["policy.telepathy", "policy.headers"]
            ),
            ResourceChange.Put(LaterKind, LaterId, new Plan { Name = "of later" })
        );
    }

    private async Task ShouldBeSetAsideAsync()
    {
        await Eventually.HoldsAsync(
            async () =>
                await open.Door.StatusIfThereAsync(Newer, open.Shop.Key)
                == HttpStatusCode.ServiceUnavailable,
            "it is set aside"
        );
        foreach (var (path, version) in new[] { (Refused, "2"), (Newer, null) })
        {
            using var answer = await CallAsync(path, version);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            ((string)problem["type"]!).ShouldEndWith("/api-quarantined");
        }

        // The other version at the same base path, the one that is meant by a call that names none, and who is beside it.
        (await StatusAsync(Refused, "1")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(Refused)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(Neighbour)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync("/demo/set-asid/orders")).ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task ShouldBeToldAsync(CatalogInside catalog, string refused, string newer)
    {
        (string Id, string Pointer, string Reason)[] expected =
        [
            (refused, "/availability", "This build does not know whether calls are taken."),
            (newer, "", "It requires what this build lacks: policy.telepathy."),
            (
                $"{LaterKind}/{Convert.ToHexStringLower(LaterId)}",
                "",
                "This build does not know its kind."
            ),
        ];
        await Eventually.HoldsAsync(
            async () => (await GatewayAsync(catalog)).Quarantined.Count == expected.Length,
            "the gateway has said it"
        );
        (await GatewayAsync(catalog))
            .Quarantined.Select(q => (q.Id, q.Pointer, q.Reason))
            .ShouldBe(expected, ignoreOrder: true);

        var nodes = await open.Door.ManageAsync(
            "catalog",
            HttpMethod.Get,
            "environments/sandbox/nodes"
        );
        nodes["items"]!.AsArray().Single(n => (string?)n!["name"] == Environment.MachineName)![
            "quarantined"
        ]!
            .AsArray()
            .Select(q => ((string)q!["id"]!, (string)q["pointer"]!, (string)q["reason"]!))
            .ShouldBe(expected, ignoreOrder: true);

        (await SyncAsync())["quarantined"]!
            .AsArray()
            .Select(q => ((string)q!["pointer"]!, (string)q["reason"]!))
            .ShouldBe(expected.Select(e => (e.Pointer, e.Reason)), ignoreOrder: true);
        using var management = open.Suite.Client("gateway", "management");
        (await management.GetStringAsync("/health")).ShouldContain("3 resources set aside");
        (await management.GetStringAsync("/metrics"))
            .Split('\n')
            .ShouldContain(line =>
                line.StartsWith("apisvc_sync_quarantined", StringComparison.Ordinal)
                && line.Contains("log=\"configuration\"", StringComparison.Ordinal)
                && line.Contains("} 3", StringComparison.Ordinal)
            );
    }

    private static Task<Contracts.Catalog.V1.Node> GatewayAsync(CatalogInside catalog) =>
        catalog.NodeAsync(Environment.MachineName);

    /// <summary>What the gateway itself says of the configuration that it follows.</summary>
    private async Task<JsonNode> SyncAsync()
    {
        using var management = open.Suite.Client("gateway", "management");
        return JsonNode.Parse(await management.GetStringAsync("/sync/configuration"))!;
    }

    private Task<HttpResponseMessage> CallAsync(string path, string? version) =>
        open.Door.CallAsync(
            path,
            open.Shop.Key,
            headers: version is null ? [] : [("x-version", version)]
        );

    private async Task<HttpStatusCode> StatusAsync(string path, string? version = null)
    {
        using var answer = await CallAsync(path, version);
        return answer.StatusCode;
    }

    private static JsonObject Selector(string value, bool isDefault) =>
        new()
        {
            ["source"] = "header",
            ["name"] = "x-version",
            ["value"] = value,
            ["isDefault"] = isDefault,
        };

    private static byte[] IdOf(string version) =>
        Id<OfVersion>.Parse(version).Value.ToByteArray(bigEndian: true);

    private static Task<Contracts.GatewayConfig.V1.Api> ReadAsync(
        CatalogInside catalog,
        string version
    ) => catalog.ReadAsync(ResourceKind.Api, IdOf(version), Contracts.GatewayConfig.V1.Api.Parser);

    private sealed class OfVersion : IIdKind
    {
        public static string Prefix => "ver";
    }
}
