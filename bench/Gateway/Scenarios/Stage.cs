using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Measuring;
using ApiSvc.Bench.Gateway.Subjects;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>What runs for a scenario; all of it ends with this.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly BenchOptions _options;
    private readonly Stack<IAsyncDisposable> _running = [];
    private Broker? _broker;

    private Stage(BenchOptions options, Scratch scratch)
    {
        _options = options;
        Scratch = scratch;
        Certificate = Certificate.Create(scratch);
        Wrk = new(scratch, options.Connections);
    }

    public Scratch Scratch { get; }

    public Certificate Certificate { get; }

    public Upstream Upstream { get; private set; } = null!;

    public Wrk Wrk { get; }

    public static async Task<Stage> StartAsync(
        BenchOptions options,
        CancellationToken cancellationToken
    )
    {
        var stage = new Stage(options, new Scratch());
        try
        {
            stage.Upstream = await Upstream.StartAsync(stage.Scratch, cancellationToken);
            stage._running.Push(stage.Upstream);
            stage._broker = await Broker.StartAsync(stage.Scratch, cancellationToken);
            stage._running.Push(stage._broker);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public async Task<GatewaySubject> StartGatewayAsync(
        Landscape landscape,
        CancellationToken cancellationToken,
        string name = "apisvc",
        BenchOptions? options = null
    ) =>
        Keep(
            await GatewaySubject.StartAsync(
                name,
                options ?? _options,
                Scratch,
                landscape,
                _broker,
                Certificate,
                cancellationToken
            )
        );

    public Comparison Compare(Progress progress) =>
        new(_options, progress, Wrk, new Instructions(Scratch, _options.Turn));

    /// <summary>Starts those that the run is to compare with; with keys only those that can check them.</summary>
    public async Task<List<Subject>> StartPeersAsync(
        IReadOnlyList<string>? keys,
        CancellationToken cancellationToken,
        params IEnumerable<string> peers
    )
    {
        var started = new List<Subject>();
        foreach (var peer in peers.Where(_options.Peers.Contains))
        {
            started.Add(
                Keep<Subject>(
                    peer switch
                    {
                        "nginx" => await NginxSubject.StartAsync(
                            Scratch,
                            Upstream,
                            keys,
                            Certificate,
                            cancellationToken
                        ),
                        "haproxy" => await HaproxySubject.StartAsync(
                            Scratch,
                            Upstream,
                            keys,
                            Certificate,
                            cancellationToken
                        ),
                        "yarp" => await YarpSubject.StartAsync(
                            Scratch,
                            Upstream,
                            Certificate,
                            cancellationToken
                        ),
                        _ => throw new BenchException($"There is no peer {peer}."),
                    }
                )
            );
        }

        return started;
    }

    public async ValueTask DisposeAsync()
    {
        while (_running.TryPop(out var last))
        {
            await last.DisposeAsync();
        }

        Scratch.Dispose();
    }

    private T Keep<T>(T subject)
        where T : IAsyncDisposable
    {
        _running.Push(subject);
        return subject;
    }
}
