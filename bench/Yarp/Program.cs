using Yarp.ReverseProxy.Configuration;

// YARP as it is out of the box, for comparison: everything goes to the cluster of the configuration.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseKestrelHttpsConfiguration();
var upstream = builder.Configuration["ReverseProxy:Clusters:upstream:Destinations:only:Address"]!;
builder
    .Services.AddReverseProxy()
    .LoadFromMemory(
        [
            new RouteConfig
            {
                RouteId = "all",
                ClusterId = "upstream",
                Match = new() { Path = "{**any}" },
            },
        ],
        [
            new ClusterConfig
            {
                ClusterId = "upstream",
                Destinations = new Dictionary<string, DestinationConfig>
                {
                    ["only"] = new() { Address = upstream },
                },
            },
        ]
    );
var app = builder.Build();
app.MapReverseProxy();
await app.RunAsync();
