using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Redis;

/// <summary>Whether it answers to PING, after the password.</summary>
internal sealed class RedisCheck(RedisResource redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var password = await redis.PasswordParameter!.GetValueAsync(cancellationToken);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(
                redis.PrimaryEndpoint.Host,
                redis.PrimaryEndpoint.Port,
                cancellationToken
            );
            var stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.UTF8.GetBytes(
                    $"*2\r\n$4\r\nAUTH\r\n${Encoding.UTF8.GetByteCount(password!)}\r\n{password}\r\n*1\r\n$4\r\nPING\r\n"
                ),
                cancellationToken
            );
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var authenticated = await reader.ReadLineAsync(cancellationToken);
            var answer = await reader.ReadLineAsync(cancellationToken);
            return answer == "+PONG"
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"AUTH: {authenticated}, PING: {answer}");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }
}
