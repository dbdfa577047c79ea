using System.Net.Sockets;
using System.Text;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Tests.Calls;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace ApiSvc.Gateway.Tests.Http1.Allocation;

/// <summary>A call with all that calls usually have (key, subscription, limit, record) leaves nothing for the garbage collector.</summary>
[Collection(nameof(RunsAlone))]
public sealed class AllocationTests(ITestOutputHelper output) : IDisposable
{
    private const int Calls = 1_000;
    private const double Noise = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-spool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Content-Length: 5\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    public async Task Call_InSteadyState_AllocatesNothing(string framing)
    {
        using var upstream = new FixedUpstream(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nServer: fixed\r\n" + framing
        );
        await using var host = await GatewayHost.StartAsync(null, ("Spool:Folder", _folder));
        var scene = await Scene.PutAsync(host, upstream.Origin, Limit);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = 20_000,
        };
        var origin = new Uri(host.Http);
        // Not asynchronously: a socket that was used so allocates at each blocking receive.
        client.Connect(origin.Host, origin.Port);
        var request = Encoding.ASCII.GetBytes(
            $"GET {scene.Api.BasePath}/items/7?a=b HTTP/1.1\r\nHost: api.example\r\n"
                + $"User-Agent: test\r\nAccept: */*\r\nX-Api-Key: {scene.Key}\r\n\r\n"
        );
        // The runtime compiles a method again, and then for good, seconds after it was first called; timers tick and boxes of
        // state machines go from thread to thread beside the calls. A call that allocates does so in every round, at least
        // the 24 bytes of the smallest object.
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        var each = new List<double>();
        do
        {
            each.Add((double)Run(client, request, Calls) / Calls);
        } while (each[^1] >= Noise && Environment.TickCount64 < until);
        output.WriteLine(
            $"bytes allocated a call: {string.Join(", ", each.Select(e => $"{e:f3}"))}"
        );
        each[^1].ShouldBeLessThan(Noise);
    }

    private static void Limit(Scene scene) =>
        scene.Plan.Limits.Add(
            new Limit
            {
                Rate = 1_000_000,
                Burst = 1_000_000,
                Period = new Duration { Seconds = 1 },
            }
        );

    // Bytes that the process allocated meanwhile.
    private static long Run(Socket client, byte[] request, int calls)
    {
        var buffer = new byte[4_096];
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < calls; i++)
        {
            client.Send(request);
            var length = 0;
            while (!IsWhole(buffer.AsSpan(0, length)))
            {
                var count = client.Receive(buffer.AsSpan(length));
                if (count == 0)
                {
                    throw new IOException("The gateway ended the connection.");
                }

                length += count;
            }

            if (!buffer.AsSpan().StartsWith("HTTP/1.1 200 "u8))
            {
                throw new InvalidOperationException(Encoding.Latin1.GetString(buffer, 0, length));
            }
        }

        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer) =>
        answer.EndsWith("hello"u8) || answer.EndsWith("\r\n0\r\n\r\n"u8);
}
