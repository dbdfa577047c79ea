using ApiSvc.Bench.Gateway.Processes;
using ApiSvc.Contracts.CallRecords.V1;
using Confluent.Kafka;
using KafkaBroker;

namespace ApiSvc.Bench.Gateway.Subjects;

/// <summary>The embedded broker, to which gateways ship their records.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private const string Topic = "apisvc.calls";
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly Child _process;

    private Broker(Child process, string address)
    {
        _process = process;
        Address = address;
    }

    public string Address { get; }

    public static async Task<Broker> StartAsync(
        Scratch scratch,
        CancellationToken cancellationToken
    )
    {
        var port = FreePorts.Next();
        var process = Child.Start(
            Cores.Others,
            scratch.File("broker.log"),
            [
                // It shares the load's processor, where only the gateway's turns would wait for it.
                "nice",
                "-n",
                "19",
                "dotnet",
                typeof(KafkaBrokerHost).Assembly.Location,
                "--data",
                scratch.Folder("broker"),
                "--port",
                $"{port}",
            ]
        );
        await process.UntilAsync(
            async token =>
                File.Exists(process.Output)
                && (await File.ReadAllTextAsync(process.Output, token)).Contains(
                    "listening",
                    StringComparison.Ordinal
                ),
            "listening",
            cancellationToken
        );
        return new(process, $"127.0.0.1:{port}");
    }

    /// <summary>How many records of calls answered with 200 a node has sent; read until nothing comes any more.</summary>
    public long CountRecords(string node, CancellationToken cancellationToken)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = Address,
                GroupId = Guid.NewGuid().ToString("n"),
                AutoOffsetReset = AutoOffsetReset.Earliest,
                EnableAutoCommit = false,
            }
        ).Build();
        consumer.Subscribe(Topic);
        var records = 0L;
        var patience = TimeSpan.FromSeconds(20);
        while (consumer.Consume(patience) is { } message)
        {
            cancellationToken.ThrowIfCancellationRequested();
            patience = Quiet;
            records += CallRecordBatch
                .Parser.ParseFrom(message.Message.Value)
                .Records.Count(r => r.Status == 200 && r.Node == node);
        }

        return records;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
