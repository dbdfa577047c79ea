using System.Net;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>Upstreams inside of networks that the configuration does not allow.</summary>
public sealed class PrivateUpstreamTests(ITestOutputHelper output)
{
    private static readonly string[] Private =
    [
        "http://10.1.2.3:8080",
        "http://169.254.169.254/latest/meta-data",
        "http://2852039166",
        "http://0xa9fea9fe",
        "http://192.168.0.1",
        "http://[fd00::1]",
        "http://[::ffff:10.1.2.3]",
        "http://0.0.0.0",
        "http://127.0.0.1:5432",
        "http://[::1]",
        "http://localhost:5432",
        "https://a.localhost",
        "file:///etc/passwd",
    ];

    /// <summary>Without the sample, whose upstream is on loopback, loopback is private as the others are.</summary>
    [Fact]
    public async Task Bind_PrivateAddress_IsRefusedAndChangesNothing()
    {
        await using var suite = await Suite.StartAsync();
        using var door = new Door(suite);
        var team = await Party.CreateAsync(suite, door, "private");
        var api = await team.ApiAsync("orders");
        var version = (string)(await team.VersionAsync(api, "/private/orders")).Success()["id"]!;
        (await team.BindAsync(version, "https://orders.example/behind")).Success();
        var before = await CatalogLists.ReadAsync(door, api);

        foreach (var address in Private)
        {
            var refused = await team.BindAsync(version, address);
            output.WriteLine($"{address}: {(int)refused.Status} {refused.Text}");
            var violation = refused
                .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid-request")
                .ShouldHaveSingleItem();
            violation.ShouldContain("#/addresses/0/url", customMessage: address);
        }

        (await CatalogLists.ReadAsync(door, api)).ShouldBe(before);
    }
}
