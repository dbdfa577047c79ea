using ApiSvc.Testing;

[assembly: AssemblyFixture(typeof(ApiSvc.BrokerTests.ClientMatrix))]

// Cases load two cores and measure: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace ApiSvc.BrokerTests;

/// <summary>What was tried with which client, as a table written at the end of the run.</summary>
public sealed class ClientMatrix : IAsyncDisposable
{
    public const string Librdkafka = "Confluent.Kafka";
    public const string Kcat = "kcat";
    public const string KafkaJs = "kafkajs";

    private static readonly string[] Clients = [Librdkafka, Kcat, KafkaJs];

    private readonly List<(string Case, string Client, bool Passed)> _results = [];
    private readonly List<string> _numbers = [];

    /// <summary>A measured number, for below the table.</summary>
    public void Tell(string line)
    {
        _numbers.Add(line);
        Console.WriteLine(line);
    }

    public async ValueTask DisposeAsync()
    {
        if (_results.Count == 0)
        {
            return;
        }

        var rows = _results
            .GroupBy(result => result.Case)
            .Select(row =>
                $"| {row.Key} | {string.Join(" | ", Clients.Select(client => Cell(row, client)))} |"
            );
        string[] lines =
        [
            $"| Kafka broker: case | {string.Join(" | ", Clients)} |",
            "| --- | --- | --- | --- |",
            .. rows,
            "",
            .. _numbers.Select(number => "* " + number),
            "",
        ];
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "TestResults"));
        var text = string.Join('\n', lines);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "kafka-broker.md"), text);
        Console.WriteLine(text);
    }

    internal async Task RunAsync(string subject, string client, Func<Task> test)
    {
        var passed = false;
        try
        {
            await test();
            passed = true;
        }
        finally
        {
            _results.Add((subject, client, passed));
        }
    }

    private static string Cell(
        IEnumerable<(string Case, string Client, bool Passed)> row,
        string client
    )
    {
        var results = row.Where(result => result.Client == client).ToList();
        return results.Count == 0 ? "–"
            : results.TrueForAll(result => result.Passed) ? "ok"
            : "FAILED";
    }
}
