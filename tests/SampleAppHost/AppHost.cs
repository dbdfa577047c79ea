var builder = DistributedApplication.CreateBuilder(args);

var postgres = builder.AddPostgres("postgres").WithDataVolume();
var notesdb = postgres.AddDatabase("notesdb");
var redis = builder.AddRedis("redis").WithDataVolume();
var secret = builder.AddParameter(
    "sample-secret",
    new GenerateParameterDefault { MinLength = 32, Special = false },
    secret: true,
    persist: true
);

var notes = builder
    .AddProject<Projects.SampleService>("notes")
    .WithReference(notesdb)
    .WithReference(redis)
    .WaitFor(notesdb)
    .WaitFor(redis)
    .WithEnvironment("ConnectionStrings__kafka", "127.0.0.1:9")
    .WithEnvironment("Tokens__Issuer", "http://localhost:9")
    .WithEnvironment("Tokens__Audience", "sample")
    .WithEnvironment("Sealing__ActiveKey", "k1")
    .WithEnvironment("Sealing__Keys__k1", Convert.ToBase64String(new byte[32]))
    .WithEnvironment("Sample__Secret", secret)
    // Not ready without a token issuer, which there is none of here; alive all the same.
    .WithHttpHealthCheck("/alive", endpointName: "management")
    .WithReplicas(2);

// Starts a child of its own, and prints where it finds the others.
builder
    .AddExecutable("watcher", "/bin/sh", ".", "-c", "env; sleep 1000 & echo child $!; wait")
    .WithReference(notes)
    .WithReference(notesdb)
    .WaitFor(notes);

builder.Build().Run();
