using System.Text;
using ApiSvc.Testing;
using Aspire.Hosting.Dashboard;

namespace ApiSvc.Dashboard.Tests.Security;

public sealed class SecretsTests
{
    private const string Hidden = "hunter2-not-for-browsers";

    [Theory]
    [InlineData("ANYTHING", Hidden, true)]
    [InlineData("Db__Password", Hidden, false)]
    [InlineData("CLIENT_SECRET", Hidden, false)]
    [InlineData("ApiKey", Hidden, false)]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", $"x-otlp-api-key={Hidden}", false)]
    [InlineData("ConnectionStrings__catalogdb", $"Host=/run;Username={Hidden}", false)]
    [InlineData("CACHE", $"redis://user:{Hidden}@127.0.0.1:6379", false)]
    [InlineData("DATABASE", $"Host=127.0.0.1;Password={Hidden}", false)]
    public async Task Events_ResourceWithSecret_LackIt(string name, string value, bool isSecret)
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        var variable = new DashboardVariable(name, value, isSecret);
        dashboard.Source.Set(
            new("web", "Project", "Running")
            {
                Environment = [variable, new("ASPNETCORE_ENVIRONMENT", "shown-as-it-is")],
                Properties = [variable],
                Endpoints = [new("http", $"http://user:{Hidden}@127.0.0.1:80/")],
            }
        );

        var seen = await ReadEventsAsync(dashboard, "shown-as-it-is");

        seen.ShouldContain($"\"name\":\"{name}\",\"value\":null,\"isSecret\":true");
        seen.ShouldNotContain(Hidden);
        seen.ShouldContain("http://127.0.0.1:80/");
    }

    [Fact]
    public async Task Events_OfAnyOrdinaryVariable_HaveIt()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        dashboard.Source.Set(
            new("web", "Project", "Running")
            {
                Environment = [new("services__catalog__http__0", "http://127.0.0.1:5001")],
            }
        );

        (await ReadEventsAsync(dashboard, "services__catalog__http__0")).ShouldContain(
            "http://127.0.0.1:5001"
        );
    }

    private static async Task<string> ReadEventsAsync(DashboardFixture dashboard, string until)
    {
        await using var stream = await dashboard.Browser.GetStreamAsync("/api/events");
        var seen = new StringBuilder();
        var buffer = new byte[4096];
        await Eventually.HoldsAsync(
            async () =>
            {
                seen.Append(Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer)));
                return seen.ToString() is var text
                    && text.Contains(until, StringComparison.Ordinal)
                    && text.Contains("\n\n", StringComparison.Ordinal);
            },
            "the resources"
        );
        return seen.ToString();
    }
}
