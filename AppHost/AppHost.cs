using ApiSvc.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
var data = builder.AddDataFolder();

// Infrastructure
var postgres = builder.AddPostgres("postgres").WithDataVolume();
var redis = builder.AddRedis("redis");
var kafka = builder.AddKafka("kafka").WithDataVolume();

// Services
var identity = builder
    .AddService<Projects.Identity>("identity")
    .Needs(postgres.AddDatabase("identitydb"))
    .Needs(kafka)
    .WithAdministrator()
    .WithMailIn(data);
identity.WithTokensOf(identity);

var catalog = builder
    .AddService<Projects.Catalog>("catalog")
    .Needs(postgres.AddDatabase("catalogdb"))
    .Needs(kafka)
    .WithTokensOf(identity);

// They know each other: neither waits for the other.
identity.WithReference(catalog);

var analytics = builder
    .AddService<Projects.Analytics>("analytics")
    .WithReference(catalog)
    .Needs(postgres.AddDatabase("analyticsdb"))
    .Needs(kafka)
    .WithTokensOf(identity);

var aiadapter = builder
    .AddService<Projects.AiAdapter>("aiadapter")
    .Needs(postgres.AddDatabase("aidb"))
    .Needs(redis)
    .Needs(kafka)
    .WithTokensOf(identity)
    .WithSpoolIn(data);

// Edge; the gateway serves what it knows, whoever is away
var gateway = builder
    .AddService<Projects.Gateway>("gateway")
    .WithReference(redis)
    .WithReference(kafka)
    .WithReference(catalog)
    .WithReference(analytics)
    .WithReference(aiadapter)
    .WithTokensOf(identity, waits: false)
    .WithStateIn(data)
    .WithSpoolIn(data);
gateway.SignsFor(aiadapter, data);

// MCP servers call APIs as anybody does
aiadapter.WithReference(catalog).WithEnvironment("Mcp__Gateway", gateway.GetEndpoint("http"));

var portal = builder.AddService<Projects.Portal>("portal").WithTokensOf(identity);

var certificate = builder.AddDevelopmentCertificate(data);
gateway.WithHttps(certificate).IsOpenAt("http", "https");
identity.WithHttps(certificate).IsOpenAt("https");
portal.IsOpenAt("http");

builder.AddDemo(data, gateway, catalog, identity);
builder.KeepPorts(data);
builder.AddEndpointsFile();
builder.Build().Run();
