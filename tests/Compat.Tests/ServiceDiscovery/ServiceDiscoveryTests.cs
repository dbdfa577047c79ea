using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Compat.Tests.ServiceDiscovery;

public sealed class ServiceDiscoveryTests
{
    [Theory]
    [InlineData("http://catalog/v1/apis?limit=2", "http://127.0.0.1:5001/v1/apis?limit=2")]
    [InlineData("https://catalog/", "https://127.0.0.1:5002/")]
    [InlineData("https+http://catalog/", "https://127.0.0.1:5002/")]
    [InlineData("http+https://catalog/", "http://127.0.0.1:5001/")]
    [InlineData("https+http://plain/", "http://127.0.0.1:5003/")]
    [InlineData("http://_grpc.catalog/", "http://127.0.0.1:5004/")]
    [InlineData("https+http://_grpc.catalog/", "http://127.0.0.1:5004/")]
    [InlineData("http://single/", "http://127.0.0.1:5005/")]
    [InlineData("http://based/v1/apis", "http://127.0.0.1:5006/under/v1/apis")]
    [InlineData("http://bare/", "http://10.0.0.9:5007/")]
    [InlineData("http://fallback/", "http://127.0.0.1:5008/")]
    [InlineData("http://CATALOG/", "http://127.0.0.1:5001/")]
    public async Task Send_ServiceInConfiguration_GoesToItsAddress(string asked, string called) =>
        (await CalledAsync(asked)).ShouldBe([called]);

    [Theory]
    [InlineData("http://unknown/x", "http://unknown/x")]
    [InlineData("http://unknown:8080/x", "http://unknown:8080/x")]
    [InlineData("https+http://unknown/x", "https://unknown/x")]
    [InlineData("http://_grpc.unknown/x", "http://unknown/x")]
    [InlineData("http://_other.catalog/", "http://catalog/")]
    [InlineData("https://plain/", "https://plain/")]
    [InlineData("http://127.0.0.1:9/x", "http://127.0.0.1:9/x")]
    [InlineData("https://api.example.com/v1", "https://api.example.com/v1")]
    public async Task Send_NotInConfiguration_GoesByItsName(string asked, string called) =>
        (await CalledAsync(asked)).ShouldBe([called]);

    [Fact]
    public async Task Send_SeveralAddresses_TakeTurns() =>
        (
            await CalledAsync("http://many/", "http://many/", "http://many/", "http://many/")
        ).ShouldBe([
            "http://127.0.0.1:6001/",
            "http://127.0.0.1:6002/",
            "http://127.0.0.1:6003/",
            "http://127.0.0.1:6001/",
        ]);

    [Fact]
    public async Task Send_ConfigurationReloaded_GoesToTheNewAddress()
    {
        var configuration = Configuration();
        await using var services = Services(configuration, out var called);
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("test");
        await client.GetAsync("http://catalog/");
        configuration["services:catalog:http:0"] = "http://127.0.0.1:7777";
        await client.GetAsync("http://catalog/");

        configuration.Reload();
        await client.GetAsync("http://catalog/");

        called.ShouldBe([
            "http://127.0.0.1:5001/",
            "http://127.0.0.1:5001/",
            "http://127.0.0.1:7777/",
        ]);
    }

    [Fact]
    public async Task Send_AddressIsNone_NamesTheKey()
    {
        var thrown = await Should.ThrowAsync<InvalidOperationException>(() =>
            CalledAsync("http://wrong/")
        );

        thrown.Message.ShouldContain("services:wrong:http:0", Case.Insensitive);
    }

    [Fact]
    public async Task Send_Answered_RequestNamesTheServiceAgain()
    {
        await using var services = Services(Configuration(), out _);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://catalog/x");

        await services
            .GetRequiredService<IHttpClientFactory>()
            .CreateClient("test")
            .SendAsync(request);

        request.RequestUri.ShouldBe(new Uri("http://catalog/x"));
    }

    [Fact]
    public async Task Send_EnvironmentVariable_IsConfiguration()
    {
        Environment.SetEnvironmentVariable(
            "COMPATTESTS_services__fromenv__http__0",
            "http://127.0.0.1:8080"
        );
        var configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables("COMPATTESTS_")
            .Build();
        await using var services = Services(configuration, out var called);

        await services
            .GetRequiredService<IHttpClientFactory>()
            .CreateClient("test")
            .GetAsync("http://fromenv/");

        called.ShouldBe(["http://127.0.0.1:8080/"]);
    }

    private static async Task<List<string>> CalledAsync(params string[] addresses)
    {
        await using var services = Services(Configuration(), out var called);
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("test");
        foreach (var address in addresses)
        {
            await client.GetAsync(address);
        }

        return called;
    }

    private static ServiceProvider Services(IConfiguration configuration, out List<string> called)
    {
        var list = called = [];
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services
            .AddHttpClient("test")
            .AddServiceDiscovery()
            .ConfigurePrimaryHttpMessageHandler(() => new Recorder(list));
        return services.BuildServiceProvider();
    }

    private static IConfigurationRoot Configuration() =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["services:catalog:http:0"] = "http://127.0.0.1:5001",
                    ["services:catalog:https:0"] = "https://127.0.0.1:5002",
                    ["services:catalog:grpc:0"] = "http://127.0.0.1:5004",
                    ["services:plain:http:0"] = "http://127.0.0.1:5003",
                    ["services:single:http"] = "http://127.0.0.1:5005",
                    ["services:based:http:0"] = "http://127.0.0.1:5006/under/",
                    ["services:bare:http:0"] = "10.0.0.9:5007",
                    ["services:fallback:default:0"] = "http://127.0.0.1:5008",
                    ["services:many:http:0"] = "http://127.0.0.1:6001",
                    ["services:many:http:1"] = "http://127.0.0.1:6002",
                    ["services:many:http:2"] = "http://127.0.0.1:6003",
                    ["services:wrong:http:0"] = "http://",
                }
            )
            .Build();

    private sealed class Recorder(List<string> called) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            called.Add(request.RequestUri!.AbsoluteUri);
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
