using System.Collections.Concurrent;
using System.Diagnostics;
using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Fuzzing;

/// <summary>Many clients at once, of which most say nonsense, and upstreams whose answers are nonsense.</summary>
internal sealed class FuzzSession(GatewayHost gateway, int seed)
{
    private const int Clients = 64;

    private readonly Nonces _nonces = new();
    private readonly ConcurrentQueue<string> _failures = [];
    private int _connections;
    private int _answers;

    /// <summary>What was not as it must be.</summary>
    public IReadOnlyCollection<string> Failures => [.. _failures, .. _nonces.Wrong];

    public int Connections => _connections;

    public int Answers => _answers;

    public async Task RunAsync(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(client =>
                    Task.Run(async () =>
                    {
                        // What a client does depends on its seed alone: a run can be told to do the same again.
                        var random = new Random(HashCode(seed, client));
                        while (Stopwatch.GetElapsedTime(start) < time && _failures.IsEmpty)
                        {
                            await ConnectAsync(random);
                        }
                    })
                )
        );
    }

    private async Task ConnectAsync(Random random)
    {
        var owner = Interlocked.Increment(ref _connections);
        var nonces = new List<string>();
        var requests = new List<string>();
        try
        {
            using var client = await RawClient.ConnectAsync(gateway.Http);
            for (var valid = random.Next(3); valid > 0; valid--)
            {
                await AskAsync(client, NewNonce(), random, requests);
            }

            if (random.Next(2) == 0)
            {
                await MutateAnswerAsync(client, owner, NewNonce(), random, requests);
            }
            else
            {
                await MutateRequestAsync(client, owner, NewNonce(), random, requests);
            }
        }
        catch (Exception e)
        {
            _failures.Enqueue(
                $"{e.GetType().Name}: {e.Message}\n behind\n{string.Join("\n--\n", requests)}"
            );
        }

        _nonces.Forget(nonces);

        string NewNonce()
        {
            nonces.Add(_nonces.New(owner, random));
            return nonces[^1];
        }
    }

    // A good request is answered with exactly what belongs to it, whatever happens on other connections.
    private async Task AskAsync(
        RawClient client,
        string nonce,
        Random random,
        List<string> requests
    )
    {
        var request = FuzzRequests.Make(nonce, random);
        requests.Add(request);
        var answer = await client.AskAsync(request);
        var expected = FuzzRequests.EchoOf(request, nonce);
        if (answer.Status != 200 || answer.Text != expected || answer["X-Nonce"] != nonce)
        {
            throw new InvalidOperationException(
                $"{answer.Status} {answer.Text} instead of {expected}"
            );
        }

        Interlocked.Increment(ref _answers);
    }

    private async Task MutateRequestAsync(
        RawClient client,
        int owner,
        string nonce,
        Random random,
        List<string> requests
    )
    {
        var valid = System.Text.Encoding.Latin1.GetBytes(FuzzRequests.Make(nonce, random));
        var bytes = Mutator.Mutate(valid, random);
        requests.Add(System.Text.Encoding.Latin1.GetString(bytes));
        var cut = random.Next(bytes.Length + 1);
        await client.SendAsync(bytes.AsMemory(0, cut));
        await client.SendAsync(bytes.AsMemory(cut));
        await EndAsync(client, owner, random, requests[^1]);
    }

    private async Task MutateAnswerAsync(
        RawClient client,
        int owner,
        string nonce,
        Random random,
        List<string> requests
    )
    {
        var request = FuzzRequests.Make(nonce, random);
        // Below a path whose upstream is not waited for as long.
        request = request
            .Replace(" /w/", " /m/", StringComparison.Ordinal)
            .Replace(
                "X-Nonce:",
                $"X-Mutate: {random.Next()}\r\nX-Nonce:",
                StringComparison.Ordinal
            );
        requests.Add(request);
        await client.SendAsync(request);
        await EndAsync(client, owner, random, request);
    }

    // Half of the clients leave, the others wait for the gateway's patience to end: it must, either way.
    // The server that WebSockets are handed to is patient for minutes.
    private async Task EndAsync(RawClient client, int owner, Random random, string request)
    {
        var way = random.Next(8);
        if (way == 0)
        {
            client.Reset();
            return;
        }

        if (way < 5 || request.Contains("websocket", StringComparison.OrdinalIgnoreCase))
        {
            client.EndSending();
        }

        _nonces.Check(owner, await client.ReadToEndAsync());
    }

    private static int HashCode(int first, int second) => unchecked((first * 1_000_003) + second);
}
