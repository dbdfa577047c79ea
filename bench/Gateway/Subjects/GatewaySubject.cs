using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Processes;

namespace ApiSvc.Bench.Gateway.Subjects;

/// <summary>The gateway as it ships: its own process, fed by logs over gRPC, its spool and shipper at work.</summary>
internal sealed class GatewaySubject : Subject
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);

    private readonly FeedServer _server;
    private readonly Broker? _broker;
    private readonly string _node;

    private GatewaySubject(
        string name,
        Child process,
        FeedServer server,
        GatewayFeeds feeds,
        Broker? broker,
        string node
    )
        : base(name, process)
    {
        _server = server;
        _broker = broker;
        _node = node;
        Feeds = feeds;
    }

    public GatewayFeeds Feeds { get; }

    /// <summary>Where its health is.</summary>
    public required string Management { get; init; }

    public override bool CompilesAtRunTime => true;

    public static async Task<GatewaySubject> StartAsync(
        string name,
        BenchOptions options,
        Scratch scratch,
        Landscape landscape,
        Broker? broker,
        Certificate certificate,
        CancellationToken cancellationToken
    )
    {
        var feeds = new GatewayFeeds(new(landscape.Configuration), new(landscape.Credentials));
        var server = await FeedServer.StartAsync(feeds);
        var (http, https, management) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        var settings = new Dictionary<string, string?>
        {
            ["Kestrel:Endpoints:http:Url"] = $"http://127.0.0.1:{http}",
            ["Kestrel:Endpoints:https:Url"] = $"https://127.0.0.1:{https}",
            ["Kestrel:Endpoints:https:Certificate:Path"] = certificate.ChainFile,
            ["Kestrel:Endpoints:https:Certificate:KeyPath"] = certificate.KeyFile,
            ["Kestrel:Endpoints:grpc:Url"] = $"http://127.0.0.1:{FreePorts.Next()}",
            ["Kestrel:Endpoints:management:Url"] = $"http://127.0.0.1:{management}",
            ["Spool:Folder"] = scratch.Folder($"{name}-spool"),
            ["State:Folder"] = scratch.Folder($"{name}-state"),
            ["Gateway:Node"] = name,
            ["ConnectionStrings:kafka"] = broker?.Address ?? "127.0.0.1:9",
            ["services:catalog:grpc:0"] = server.Grpc,
            ["services:identity:grpc:0"] = server.Grpc,
            ["Tokens:JwksUri"] = $"{server.Issuer}/jwks",
            ["Tokens:TokenEndpoint"] = $"{server.Issuer}/token",
        };
        foreach (var (key, value) in Fixed.Concat(options.Environment))
        {
            settings[key] = value;
        }

        var program = options.GatewayProgram;
        var process = Child.Start(
            Cores.Proxy,
            scratch.File($"{name}.log"),
            ["dotnet", program],
            settings,
            Path.GetDirectoryName(program)
        );
        var subject = new GatewaySubject(name, process, server, feeds, broker, name)
        {
            Http = $"http://127.0.0.1:{http}",
            Https = $"https://127.0.0.1:{https}",
            Management = $"http://127.0.0.1:{management}",
        };
        try
        {
            await subject.AppliesAsync(cancellationToken);
        }
        catch
        {
            await subject.DisposeAsync();
            throw;
        }

        return subject;
    }

    /// <summary>Waits until it answers with what its feeds hold.</summary>
    public async Task AppliesAsync(CancellationToken cancellationToken)
    {
        await Process.UntilAsync(
            _ => Task.FromResult(IsApplied(Feeds.Configuration) && IsApplied(Feeds.Credentials)),
            "up to date",
            cancellationToken,
            StartPatience
        );
        await ListensAsync(Process, Http, cancellationToken);
    }

    public override Task<long?> CountRecordsAsync(CancellationToken cancellationToken) =>
        Task.Run<long?>(() => _broker?.CountRecords(_node, cancellationToken), cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static bool IsApplied(ResourceFeed feed) =>
        feed.Refusal is { } reason
            ? throw new BenchException($"The gateway refuses what it is fed: {reason}")
            : feed.Applied == feed.Generation;

    private static readonly KeyValuePair<string, string?>[] Fixed =
    [
        new("ASPNETCORE_ENVIRONMENT", "Production"),
        new("DOTNET_hostBuilder:reloadConfigOnChange", "false"),
        new("AllowPlaintext", "true"),
        new("Logging:LogLevel:Default", "Warning"),
        new("Gateway:Environment", "sandbox"),
        new("Egress:AllowedNetworks:0", "127.0.0.0/8"),
        new("Tokens:Issuer", "https://identity.example"),
        new("Tokens:ClientId", "gateway"),
        new("Tokens:ClientSecret", "a secret that nobody checks"),
        new("Sealing:ActiveKey", "k1"),
        new("Sealing:Keys:k1", Convert.ToBase64String(new byte[32])),
        // Nobody is there: counters stay this node's own.
        new("ConnectionStrings:redis", "127.0.0.1:9,abortConnect=false,connectTimeout=1000"),
    ];
}
