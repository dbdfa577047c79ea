using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Kafka;

/// <summary>Whether the broker answers to ApiVersions (key 18, version 0) without an error.</summary>
internal sealed class KafkaCheck(KafkaServerResource kafka) : IHealthCheck
{
    // Length 10: key 18, version 0, correlation 1, no client id.
    private static readonly byte[] Request = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255];

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(
                kafka.PrimaryEndpoint.Host,
                kafka.PrimaryEndpoint.Port,
                cancellationToken
            );
            var stream = client.GetStream();
            await stream.WriteAsync(Request, cancellationToken);

            // Length, correlation, error code.
            var head = new byte[10];
            await stream.ReadExactlyAsync(head, cancellationToken);
            var error = BinaryPrimitives.ReadInt16BigEndian(head.AsSpan(8));
            return error == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"ApiVersions answered error {error}.");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }
}
