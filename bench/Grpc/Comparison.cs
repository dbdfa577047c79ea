using ApiSvc.Bench.V1;
using Google.Protobuf;
using Grpc.Net.Client;

namespace ApiSvc.Bench;

/// <summary>One payload size in one round: gRPC and plain HTTP/2 in the same minute.</summary>
internal sealed record Round(Rate Grpc, Rate Plain)
{
    /// <summary>Throughput of gRPC as a part of that of plain HTTP/2.</summary>
    public double Ratio => Grpc.PerSecond / Plain.PerSecond;
}

/// <summary>
/// Unary calls against POST requests with as many bytes: same server, same endpoint, each over one connection.
/// </summary>
internal sealed class Comparison : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly HttpClient _http;
    private readonly Uri _plain;
    private readonly int _inFlight;

    public Comparison(Uri server, int inFlight)
    {
        _inFlight = inFlight;
        _plain = new(server, "/plain");
        _channel = GrpcChannel.ForAddress(
            server,
            new() { HttpHandler = NewHandler(), DisposeHttpClient = true }
        );
        Mirror = new(_channel);
        _http = new(NewHandler())
        {
            DefaultRequestVersion = new(2, 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public Mirror.MirrorClient Mirror { get; }

    /// <param name="size">Payload of the message, in bytes.</param>
    /// <param name="duration">Of each of the two.</param>
    /// <param name="grpcFirst">The order, to be alternated: what runs second finds a warmer machine.</param>
    public async Task<Round> RunAsync(int size, TimeSpan duration, bool grpcFirst)
    {
        var packet = new Packet { Payload = ByteString.CopyFrom(new byte[size]) };
        // What gRPC sends: five bytes in front of the message.
        var body = new byte[5 + packet.CalculateSize()];
        var first = grpcFirst ? await GrpcAsync() : await PlainAsync();
        var second = grpcFirst ? await PlainAsync() : await GrpcAsync();
        return grpcFirst ? new(first, second) : new(second, first);

        Task<Rate> GrpcAsync() =>
            Load.RunAsync(async () => await Mirror.UnaryAsync(packet), _inFlight, duration);

        Task<Rate> PlainAsync() => Load.RunAsync(() => PostAsync(body), _inFlight, duration);
    }

    public void Dispose()
    {
        _channel.Dispose();
        _http.Dispose();
    }

    private async Task PostAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using var response = await _http.PostAsync(_plain, content);
        var answer = await response.Content.ReadAsByteArrayAsync();
        if (answer.Length != body.Length)
        {
            throw new InvalidOperationException(
                $"{answer.Length} of {body.Length} bytes came back."
            );
        }
    }

    private static SocketsHttpHandler NewHandler() =>
        new() { EnableMultipleHttp2Connections = false };
}
