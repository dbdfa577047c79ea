using ApiSvc.ServiceDefaults.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiSvc.ServiceDefaults.Tests.Permissions;

public sealed class DeclarationCheckTests
{
    [Fact]
    public async Task Start_UndeclaredEndpoints_IsRefusedListingThemAll()
    {
        await using var app = Build(app =>
        {
            app.MapGet("/v1/one", () => 1);
            app.MapGet("/v1/two", () => 2).RequireAnyCaller();
            app.MapPost("/v1/three", () => 3);
        });

        var refused = await Should.ThrowAsync<InvalidOperationException>(() => app.StartAsync());

        refused.Message.ShouldContain("GET /v1/one: declares nothing");
        refused.Message.ShouldContain("POST /v1/three: declares nothing");
        refused.Message.ShouldNotContain("/v1/two");
    }

    [Fact]
    public async Task Start_TwoDeclarations_IsRefused()
    {
        await using var app = Build(app =>
            app.MapGroup("/v1")
                .RequirePermission("a.read", Team.Platform)
                .MapGet("/x", () => 1)
                .AllowAnonymousCaller()
        );

        (
            await Should.ThrowAsync<InvalidOperationException>(() => app.StartAsync())
        ).Message.ShouldContain("anonymous");
    }

    [Fact]
    public async Task Start_RouteWithoutTheNamedParameter_IsRefused()
    {
        await using var app = Build(app =>
            app.MapGet("/v1/teams/{id}", (string id) => id)
                .RequirePermission("a.read", Team.FromRoute("teamId"))
        );

        (
            await Should.ThrowAsync<InvalidOperationException>(() => app.StartAsync())
        ).Message.ShouldContain("'teamId'");
    }

    [Fact]
    public async Task Start_HealthAndReflectionOfGrpc_NeedNoDeclaration()
    {
        await using var host = await ServiceHost.StartAsync(
            app =>
            {
                app.MapGrpcHealthChecksService();
                app.MapGrpcReflectionService();
            },
            builder =>
            {
                builder.Services.AddGrpcReflection();
                builder.Services.AddGrpcHealthChecks();
            }
        );

        host.App.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.ShouldContain(e => e.DisplayName!.Contains("grpc.health.v1.Health/Check"));
    }

    private static WebApplication Build(Action<WebApplication> map) =>
        ServiceHost.Build(map, builder => builder.WebHost.UseTestServer());
}
