using System.Net;
using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Spool;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Gateway.Tests.CallRecords;

/// <summary>Calls and the real spool.</summary>
public sealed class SpooledCallTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-spool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Call_AnyAnswer_IsInTheSpoolWhenTheClientHasIt()
    {
        await using var host = await GatewayHost.StartAsync(
            null,
            ("Spool:Folder", _folder),
            ("Spool:SegmentBytes", "1048576")
        );
        using var client = GatewayHost.CreateClient();
        for (var calls = 1; calls <= 3; calls++)
        {
            using var response = await client.GetAsync(host.Http + "/nobody");
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            Guid.Parse(response.Headers.GetValues("X-Request-Id").Single()).Version.ShouldBe(7);
            host.Services.GetRequiredService<RecordSpool>().Status.Appended.ShouldBe(calls);
        }
    }
}
