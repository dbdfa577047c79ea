using System.Net;
using ApiSvc.ServiceDefaults.Egress;
using ApiSvc.ServiceDefaults.Tests.Egress;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.ServiceDefaults.Tests.Clients;

public sealed class ClientDefaultsTests
{
    [Fact]
    public async Task Client_NameOfAService_IsCalledAtItsAddress()
    {
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapGet("/", () => "it")
        );
        using var services = Services(server.Port);
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient();

        (await client.GetStringAsync("http://catalog/")).ShouldBe("it");
    }

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("POST", 1)]
    public async Task Client_ServiceStumbles_RepeatsOnlySafeMethods(string method, int calls)
    {
        var count = 0;
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapMethods(
                "/",
                [method],
                () => Interlocked.Increment(ref count) == 1 ? Results.StatusCode(503) : Results.Ok()
            )
        );
        using var services = Services(server.Port);
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://catalog/");

        using var response = await client.SendAsync(request);

        count.ShouldBe(calls);
        response.StatusCode.ShouldBe(
            calls == 2 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable
        );
    }

    [Fact]
    public async Task GuardedClient_NameOfAService_IsNotOneForUsers()
    {
        var count = 0;
        await using var server = await LoopbackServer.StartAsync(app =>
            app.MapGet("/", () => Interlocked.Increment(ref count))
        );
        var resolver = new FakeResolver(["10.0.0.1"]);
        using var services = Services(server.Port, resolver);
        using var client = services
            .GetRequiredService<IHttpClientFactory>()
            .CreateClient("imports");

        await Should.ThrowAsync<EgressBlockedException>(() => client.GetAsync("http://catalog/"));

        resolver.Asked.ShouldBe(1);
        count.ShouldBe(0);
    }

    private static ServiceProvider Services(int port, IHostResolver? resolver = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["services:catalog:http:0"] = $"http://127.0.0.1:{port}",
                        ["Egress:AllowedNetworks:0"] = "127.0.0.0/8",
                    }
                )
                .Build()
        );
        services.AddLogging();
        services.AddSingleton<IHostResolver>(resolver ?? new FakeResolver());
        services.AddClientDefaults();
        services.AddGuardedHttpClient("imports");
        return services.BuildServiceProvider();
    }
}
