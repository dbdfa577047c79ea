using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Health;

/// <summary>Asks an endpoint of a resource, and expects a status.</summary>
internal sealed class HttpEndpointCheck(Func<EndpointReference> endpoint, string path, int status)
    : IHealthCheck
{
    private static readonly HttpClient Client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            SslOptions =
            {
                // A certificate of development, asked for on loopback: who answers is not the question here.
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate is not null,
            },
        }
    )
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var address = new Uri(new Uri(endpoint().Url), path);
        try
        {
            using var answer = await Client.GetAsync(address, cancellationToken);
            if ((int)answer.StatusCode == status)
            {
                return HealthCheckResult.Healthy();
            }

            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            return HealthCheckResult.Unhealthy(
                $"{address} answered {(int)answer.StatusCode} instead of {status}: {Shortened(body)}"
            );
        }
        catch (HttpRequestException e)
        {
            return HealthCheckResult.Unhealthy($"{address}: {e.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(
                $"{address} did not answer within {Client.Timeout.TotalSeconds} s."
            );
        }
    }

    private static string Shortened(string text) => text.Length <= 500 ? text : text[..500] + "…";
}
