using System.Net;
using ApiSvc.ServiceDefaults.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Tests.Endpoints;

public sealed class ServiceEndpointTests
{
    [Theory]
    [InlineData("http", "/v1/things", 200)]
    [InlineData("http", "/", 404)]
    [InlineData("http", "/health", 404)]
    [InlineData("http", "/alive", 404)]
    [InlineData("http", "/metrics", 404)]
    [InlineData("http", "/drain", 404)]
    [InlineData("grpc", "/v1/things", 404)]
    [InlineData("grpc", "/health", 404)]
    [InlineData("management", "/v1/things", 404)]
    [InlineData("management", "/alive", 200)]
    [InlineData("management", "/", 200)]
    public async Task Request_OnAnEndpoint_IsAnsweredOnlyWhereItsKindBelongs(
        string endpoint,
        string path,
        int status
    )
    {
        await using var host = await ServiceHost.StartAsync(MapThings);
        using var client = host.Client(endpoint);

        using var response = await client.GetAsync(path);

        ((int)response.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Post_ManagementPathOnHttp_DoesNotExist()
    {
        await using var host = await ServiceHost.StartAsync(MapThings);
        using var client = host.Client("http");

        // Neither 405 (the path would be admitted) nor 202 (it would work).
        (await client.PostAsync("/health", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsync("/drain", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsync("/v1/things", null)).StatusCode.ShouldBe(
            HttpStatusCode.MethodNotAllowed
        );
    }

    [Fact]
    public async Task Grpc_Http1_IsNotSpoken()
    {
        // Even when the configuration says otherwise.
        await using var host = await ServiceHost.StartAsync(
            MapThings,
            settings: ("Kestrel:Endpoints:grpc:Protocols", "Http1AndHttp2")
        );
        using var client = new HttpClient { BaseAddress = host.Address("grpc") };

        using var response = await client.GetAsync("/v1/things");

        // Kestrel's answer to a request that is not HTTP/2.
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task ServeOn_AdditionalEndpoint_IsServedThereAlone()
    {
        await using var host = await ServiceHost.StartAsync(
            app => app.MapGet("/in", () => "in").ServeOn("edge").AllowAnonymousCaller(),
            builder => builder.AddServiceEndpoints(o => o.Additional.Add("edge")),
            ("Kestrel:Endpoints:edge:Url", "http://127.0.0.1:0")
        );
        using var edge = host.Client("edge");
        using var http = host.Client("http");

        (await edge.GetStringAsync("/in")).ShouldBe("in");
        (await edge.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync("/in")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task InMemory_NoConnection_ServesEverythingAndPrefersTheServicesOwn()
    {
        await using var app = ServiceHost.Build(
            app =>
            {
                MapThings(app);
                app.MapGet("/", () => "page").AllowAnonymousCaller();
            },
            builder => builder.WebHost.UseTestServer()
        );
        await app.StartAsync();
        using var client = app.GetTestClient();

        (await client.GetStringAsync("/")).ShouldBe("page");
        (await client.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/v1/things")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Start_PlaintextOutsideDevelopment_IsRefusedNamingTheKeys()
    {
        var refused = await ShouldRefuseAsync(
            ("Environment", "Production"),
            ("Tokens:Issuer", "https://identity.example"),
            ("Kestrel:Endpoints:http:Url", "https://127.0.0.1:0")
        );

        refused.ShouldContain("Kestrel:Endpoints:grpc:Url");
        refused.ShouldContain("Kestrel:Endpoints:management:Url");
        refused.ShouldNotContain("Kestrel:Endpoints:http:Url");
        refused.ShouldContain("AllowPlaintext");
    }

    [Fact]
    public async Task Start_PlaintextAllowed_Listens()
    {
        await using var host = await ServiceHost.StartAsync(
            MapThings,
            settings: [("Environment", "Production"), ("AllowPlaintext", "true")]
        );
        using var client = host.Client("http");

        (await client.GetAsync("/v1/things")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Start_UnknownEndpoint_IsRefusedNamingTheKey() =>
        (
            await ShouldRefuseAsync(("Kestrel:Endpoints:web:Url", "http://127.0.0.1:0"))
        ).ShouldContain("Kestrel:Endpoints:web");

    [Theory]
    [InlineData("Development", null, "http://localhost:8081")]
    [InlineData("Production", null, "https://*:8081")]
    [InlineData("Production", "true", "http://*:8081")]
    public void AddServiceEndpoints_NothingConfigured_HasDefaults(
        string environment,
        string? allowPlaintext,
        string url
    )
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = environment }
        );
        builder.Configuration["AllowPlaintext"] = allowPlaintext;

        builder.AddServiceEndpoints();

        builder.Configuration["Kestrel:Endpoints:grpc:Url"].ShouldBe(url);
    }

    private static void MapThings(WebApplication app) =>
        app.MapGet("/v1/things", () => Results.Ok()).AllowAnonymousCaller();

    private static async Task<string> ShouldRefuseAsync(params (string, string?)[] settings) =>
        (
            await Should.ThrowAsync<OptionsValidationException>(() =>
                ServiceHost.StartAsync(MapThings, settings: settings)
            )
        ).Message;
}
