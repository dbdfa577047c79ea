using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ApiSvc.AppHost.Tests.Records;

/// <summary>A call as the client of <c>peers/load-client.cjs</c> noted it.</summary>
/// <param name="At">When it was sent, from the client's start.</param>
/// <param name="Status">Null where no whole answer came.</param>
/// <param name="Id">The call's id as answered; without an answer, the error.</param>
/// <param name="Latency">Until the last byte of the answer, or the error.</param>
internal sealed record NotedCall(TimeSpan At, int? Status, string Id, TimeSpan Latency);

/// <summary>Calls at a steady rate from a process and an HTTP implementation of their own.</summary>
internal sealed class LoadClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;
    private readonly string _notes = Path.Combine(
        Path.GetTempPath(),
        $"calls-{Guid.NewGuid():n}.txt"
    );
    private readonly long _started = Stopwatch.GetTimestamp();

    private LoadClient(Uri url, string ca, string key, int rate, int connections)
    {
        _process = Process.Start(
            new ProcessStartInfo(
                "node",
                [
                    Path.Combine(Repository.Root, "tests/AppHost.Tests/peers/load-client.cjs"),
                    url.AbsoluteUri,
                    ca,
                    key,
                    rate.ToString(CultureInfo.InvariantCulture),
                    connections.ToString(CultureInfo.InvariantCulture),
                    _notes,
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Calls that the rate asked for and that were not sent, because as many as there may be waited. After the end.</summary>
    public int LeftOut { get; private set; }

    /// <summary>How long it has been calling.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <param name="url">What is called.</param>
    /// <param name="ca">File of the authority that is trusted.</param>
    /// <param name="key">API key.</param>
    /// <param name="rate">Calls a second.</param>
    /// <param name="connections">At most so many at once.</param>
    public static LoadClient Start(Uri url, string ca, string key, int rate, int connections) =>
        new(url, ca, key, rate, connections);

    /// <summary>Lets the calls under way end.</summary>
    /// <returns>All calls.</returns>
    public async Task<IReadOnlyList<NotedCall>> StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.ExitCode.ShouldBe(0, await _errors);
        var calls = new List<NotedCall>();
        await foreach (var line in File.ReadLinesAsync(_notes))
        {
            var parts = line.Split(' ');
            calls.Add(
                new(
                    TimeSpan.FromMilliseconds(double.Parse(parts[0], CultureInfo.InvariantCulture)),
                    parts[1] == "-" ? null : int.Parse(parts[1], CultureInfo.InvariantCulture),
                    parts[2],
                    TimeSpan.FromMicroseconds(long.Parse(parts[3], CultureInfo.InvariantCulture))
                )
            );
        }

        using var counts = JsonDocument.Parse(await _output);
        calls.Count.ShouldBe(counts.RootElement.GetProperty("sent").GetInt32());
        LeftOut = counts.RootElement.GetProperty("leftOut").GetInt32();
        return calls;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        File.Delete(_notes);
    }
}
