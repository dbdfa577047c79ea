using ApiSvc.Contracts.CallRecords.V1;
using Google.Protobuf;

namespace ApiSvc.Bench.Ingest;

/// <summary>
/// Calls as they might be: 1,000 APIs of 10 operations, 1,000 applications with 10 subscriptions each; of applications,
/// their subscriptions and operations the n-th is called as often as 1/n (Zipf). Half of the teams provide.
/// </summary>
internal sealed class CallSource(int seed)
{
    private const int Apis = 1000;
    private const int Operations = 10;
    private const int Applications = 1000;
    private const int Subscriptions = 10;
    private const int Teams = 100;

    private static readonly double[] ApplicationWeights = Weights(Applications);
    private static readonly double[] ApiWeights = Weights(Apis);
    private static readonly double[] OperationWeights = Weights(Operations);
    private static readonly double[] SubscriptionWeights = Weights(Subscriptions);

    private readonly Random _random = new(seed);
    private readonly int[,] _subscribed = Subscribe(new Random(1));

    public CallRecord Next(DateTimeOffset at)
    {
        var application = Draw(ApplicationWeights);
        var place = Draw(SubscriptionWeights);
        var api = _subscribed[application, place];
        var operation = Draw(OperationWeights);
        var status = _random.Next(100) switch
        {
            < 93 => 200u,
            < 96 => 404u,
            < 98 => 429u,
            < 99 => 401u,
            _ => 503u,
        };
        return new()
        {
            CallId = Bytes(Guid.CreateVersion7(at)),
            StartUs = (ulong)((at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10),
            Status = status,
            LatencyUs = (uint)Math.Exp(8 + Normal()),
            UpstreamUs = 1000,
            GatewayUs = 60,
            BytesIn = (ulong)_random.Next(200, 2000),
            BytesOut = (ulong)_random.Next(200, 20_000),
            ApiId = Id(1, api),
            VersionId = Id(2, api),
            OperationUuid = Id(3, (api * Operations) + operation),
            ApplicationId = Id(4, application),
            SubscriptionId = Id(5, (application * Subscriptions) + place),
            Path = $"/team{api % 50}/api{api}/things/{_random.Next(100_000)}",
            ClientAddress = $"192.0.2.{_random.Next(256)}",
            Node = "gateway-0",
            GatewayGroup = "production",
            Environment = "production",
            ConfigGeneration = 77,
            ProviderTeamId = Id(6, api % (Teams / 2)),
            ConsumerTeamId = Id(6, application % Teams),
            PlanId = Id(7, api % 20),
            CredentialKind = CredentialKind.ApiKey,
            CredentialPrefix = $"ak_live_{application:x4}",
            Protocol = Protocol.Http2,
            Method = operation % 3 == 0 ? "POST" : "GET",
            Host = "api.example",
            UserAgent = $"client/{application % 40}.0 (linux)",
            OperationId = $"operation{operation}",
            OperationTemplate = $"/things/{{id}}/{operation}",
            ProblemId = status is 401 or 429 or 503 ? "refused" : "",
            RefusedBy = status is 401 or 429 ? "policy" : "",
            UpstreamAddress = $"10.0.{api % 250}.1:8080",
            UpstreamTries = 1,
            TraceId = Bytes(Guid.CreateVersion7()),
        };
    }

    /// <summary>The id of the n-th of a kind.</summary>
    public static Guid IdOf(byte kind, int number) =>
        new(number, kind, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, kind);

    private static ByteString Id(byte kind, int number) => Bytes(IdOf(kind, number));

    private static ByteString Bytes(Guid id) =>
        ByteString.CopyFrom(id.ToByteArray(bigEndian: true));

    private static int[,] Subscribe(Random random)
    {
        var subscribed = new int[Applications, Subscriptions];
        for (var application = 0; application < Applications; application++)
        {
            for (var place = 0; place < Subscriptions; place++)
            {
                subscribed[application, place] = Draw(ApiWeights, random);
            }
        }

        return subscribed;
    }

    private static double[] Weights(int count)
    {
        var weights = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            weights[i] = sum += 1.0 / (i + 1);
        }

        return weights;
    }

    private int Draw(double[] weights) => Draw(weights, _random);

    private static int Draw(double[] weights, Random random)
    {
        var at = Array.BinarySearch(weights, random.NextDouble() * weights[^1]);
        return at >= 0 ? at : ~at;
    }

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()))
        * Math.Cos(2 * Math.PI * _random.NextDouble());
}
