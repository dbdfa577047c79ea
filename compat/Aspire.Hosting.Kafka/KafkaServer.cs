using System.Globalization;
using System.Reflection;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Kafka;

/// <summary>Runs the embedded broker.</summary>
internal sealed class KafkaServer(KafkaServerResource kafka) : ILocalServer
{
    public Task<ProcessPlan> PrepareAsync(LocalServerContext context)
    {
        var broker = Path.GetFullPath(
            typeof(KafkaServer)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .First(a => a.Key == "KafkaBroker")
                .Value!
        );
        if (!File.Exists(broker))
        {
            throw new DistributedApplicationException(
                $"The embedded Kafka broker is not built: {broker} is missing. Build it: dotnet build compat/KafkaBroker"
            );
        }

        var port = kafka.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture);
        var folder = context.Local.DataOf(kafka);
        return Task.FromResult(
            new ProcessPlan(
                Programs.Dotnet,
                [
                    broker,
                    "--port",
                    port,
                    "--data",
                    folder,
                    "--advertised",
                    $"{kafka.PrimaryEndpoint.Host}:{port}",
                ],
                folder
            )
            {
                KeepsData = true,
            }
        );
    }
}
