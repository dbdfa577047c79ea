using Microsoft.Extensions.Configuration;

namespace ApiSvc.AppHost;

/// <summary>A program of the application that does its work and ends; until it has, the suite is not ready.</summary>
internal sealed record RunsToItsEndAnnotation : IResourceAnnotation;

/// <summary>Something to try the suite with, where <c>Demo:Seed</c> is set.</summary>
internal static class DemoExtensions
{
    /// <summary>The file in the data folder that tells what to call, and with which key.</summary>
    public const string FileName = "demo.json";

    /// <summary>Adds a sample API, and what publishes it and subscribes to it at the first start.</summary>
    public static void AddDemo(
        this IDistributedApplicationBuilder builder,
        DataFolder data,
        IResourceBuilder<ProjectResource> gateway,
        IResourceBuilder<ProjectResource> catalog,
        IResourceBuilder<ProjectResource> identity
    )
    {
        if (
            builder.ExecutionContext.IsPublishMode
            || !builder.Configuration.GetValue("Demo:Seed", false)
        )
        {
            return;
        }

        var shop = builder
            .AddProject<Projects.Shop>("shop")
            .WithHttpEndpoint(name: "http")
            .WithHttpHealthCheck("/healthz");

        // The sample is on loopback, where calls to addresses that users chose do not go otherwise.
        foreach (var service in (IResourceBuilder<ProjectResource>[])[catalog, gateway])
        {
            service
                .WithEnvironment("Egress__AllowedNetworks__0", "127.0.0.0/8")
                .WithEnvironment("Egress__AllowedNetworks__1", "::1/128");
        }

        var secret = builder
            .Resources.OfType<ParameterResource>()
            .Single(p => p.Name == "admin-client-secret");
        builder
            .AddProject<Projects.Demo>("demo")
            .WithEnvironment("Demo__Catalog", catalog.GetEndpoint("http"))
            .WithEnvironment("Demo__Identity", identity.GetEndpoint("http"))
            .WithEnvironment("Demo__Gateway", gateway.GetEndpoint("http"))
            .WithEnvironment("Demo__Upstream", shop.GetEndpoint("http"))
            .WithEnvironment("Demo__AdminSecret", builder.CreateResourceBuilder(secret))
            .WithEnvironment(context =>
                context.EnvironmentVariables["Demo__File"] = data.File(FileName)
            )
            .WithAnnotation(new RunsToItsEndAnnotation())
            .WaitFor(catalog)
            .WaitFor(identity)
            .WaitFor(gateway)
            .WaitFor(shop);
    }
}
