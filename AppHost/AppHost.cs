using ApiSvc.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// Infrastructure
var postgres = builder.AddPostgres("postgres").WithDataVolume();
var redis = builder.AddRedis("redis");
var kafka = builder.AddKafka("kafka").WithDataVolume();

// Services
var identity = builder
    .AddService<Projects.Identity>("identity")
    .Needs(postgres.AddDatabase("identitydb"))
    .Needs(kafka)
    .WithAdministrator();
identity.WithTokensOf(identity);

builder
    .AddService<Projects.Catalog>("catalog")
    .Needs(postgres.AddDatabase("catalogdb"))
    .Needs(kafka)
    .WithTokensOf(identity);

builder
    .AddService<Projects.Analytics>("analytics")
    .Needs(postgres.AddDatabase("analyticsdb"))
    .Needs(kafka)
    .WithTokensOf(identity);

builder
    .AddService<Projects.AiAdapter>("aiadapter")
    .Needs(postgres.AddDatabase("aidb"))
    .Needs(redis)
    .Needs(kafka)
    .WithTokensOf(identity);

// Edge
var gateway = builder
    .AddService<Projects.Gateway>("gateway")
    .Needs(redis)
    .Needs(kafka)
    .WithTokensOf(identity);

var portal = builder.AddService<Projects.Portal>("portal").WithTokensOf(identity);

var data = builder.AddDataFolder();
var certificate = builder.AddDevelopmentCertificate(data);
gateway.WithHttps(certificate).IsOpenAt("http", "https");
identity.WithHttps(certificate).IsOpenAt("https");
portal.IsOpenAt("http");

builder.KeepPorts(data);
builder.AddEndpointsFile();
builder.Build().Run();
