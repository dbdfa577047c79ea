using System.Globalization;
using Aspire.Hosting.Dashboard;

namespace ApiSvc.Dashboard.Tests.Browser;

/// <summary>A suite as it could stand in the middle of a day's work.</summary>
internal static class SampleResources
{
    private static readonly DateTimeOffset Started = DateTimeOffset.UtcNow.AddMinutes(-12);

    public static FakeSource Create()
    {
        var source = new FakeSource();
        source.Set(Server("postgres", "PostgresServer", "tcp://127.0.0.1:45301"));
        source.Set(Server("redis", "Redis", "tcp://127.0.0.1:45302"));
        source.Set(Server("kafka", "Kafka", "tcp://127.0.0.1:45303"));
        source.Set(Service("catalog", 45310));
        source.Set(Service("identity", 45320));
        source.Set(Service("gateway-ab12", 45330) with { DisplayName = "gateway" });
        source.Set(Service("gateway-cd34", 45340) with { DisplayName = "gateway" });
        source.Set(
            Service("analytics", 45350) with
            {
                Health = "Unhealthy",
                HealthTone = DashboardTone.Bad,
                HealthReports =
                [
                    new("self", "Healthy", DashboardTone.Good),
                    new(
                        "kafka",
                        "Unhealthy",
                        DashboardTone.Bad,
                        "1/1 brokers are down: 127.0.0.1:45303"
                    ),
                ],
            }
        );
        source.Set(
            new("aiadapter", "Project", "Starting")
            {
                Tone = DashboardTone.Progress,
                Commands = [DashboardCommand.Stop],
            }
        );
        source.Set(
            new("portal", "Project", "Exited")
            {
                Tone = DashboardTone.Bad,
                StartedAt = Started,
                StoppedAt = Started.AddMinutes(1),
                ExitCode = 134,
                Commands = [DashboardCommand.Start],
            }
        );
        WriteLog(source);
        return source;
    }

    private static DashboardResource Server(string name, string type, string url) =>
        new(name, type, "Running")
        {
            Tone = DashboardTone.Good,
            Health = "Healthy",
            HealthTone = DashboardTone.Good,
            Endpoints = [new("tcp", url)],
            StartedAt = Started,
            Commands = [DashboardCommand.Restart, DashboardCommand.Stop],
        };

    private static DashboardResource Service(string name, int port) =>
        Server(name, "Project", "") with
        {
            Endpoints =
            [
                new("http", $"http://127.0.0.1:{port}"),
                new("management", $"http://127.0.0.1:{port + 1}"),
            ],
            HealthReports = [new("self", "Healthy", DashboardTone.Good)],
            Properties =
            [
                new("Process", "48213"),
                new("Project", "services/Catalog/Catalog.csproj"),
            ],
            Environment =
            [
                new("ASPNETCORE_ENVIRONMENT", "Development"),
                new(
                    "ConnectionStrings__catalogdb",
                    "Host=127.0.0.1;Password=never-shown",
                    IsSecret: true
                ),
                new("OTEL_SERVICE_NAME", "catalog"),
                new("services__identity__http__0", "http://127.0.0.1:45320"),
            ],
        };

    private static void WriteLog(FakeSource source)
    {
        source.Write("catalog", "info: Microsoft.Hosting.Lifetime[14]");
        source.Write("catalog", "      Now listening on: http://127.0.0.1:45310");
        for (var i = 1; i <= 40; i++)
        {
            source.Write("catalog", "info: ApiSvc.Catalog.Revisions[3]");
            source.Write(
                "catalog",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"      Revision {i} of orders was deployed to test in {12 + i} ms"
                )
            );
        }

        source.Write("catalog", "\u001b[33mwarn\u001b[39m: ApiSvc.Catalog.Events[7]");
        source.Write("catalog", "      The broker did not answer in time, trying again in 2 s");
        source.Write("catalog", "fail: ApiSvc.Catalog.Events[8]");
        source.Write("catalog", "      Publishing revision.deployed failed");
        source.Write("catalog", "      System.TimeoutException: No answer within 00:00:05.");
        source.Write(
            "catalog",
            "         at ApiSvc.Catalog.Events.Publisher.PublishAsync(CatalogEvent e) in Publisher.cs:line 41"
        );
    }
}
