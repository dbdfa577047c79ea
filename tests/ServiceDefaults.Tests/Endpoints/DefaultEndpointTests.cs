using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.ServiceDefaults.Tests.Endpoints;

public sealed class DefaultEndpointTests
{
    [Fact]
    public async Task Health_AFailedCheck_IsUnhealthyAndKeepsTheExceptionBack()
    {
        await using var host = await ServiceHost.StartAsync(configure: builder =>
            builder
                .Services.AddHealthChecks()
                .AddCheck("throws", () => throw new InvalidOperationException("Password=hunter2"))
                .AddCheck("says", () => HealthCheckResult.Degraded("Two of three brokers answer."))
        );
        using var client = host.Client("management");

        using var response = await client.GetAsync("/health");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var text = await response.Content.ReadAsStringAsync();
        text.ShouldNotContain("hunter2");
        using var document = JsonDocument.Parse(text);
        document.RootElement.GetProperty("status").GetString().ShouldBe("unhealthy");
        var checks = document
            .RootElement.GetProperty("checks")
            .EnumerateArray()
            .ToDictionary(c => c.GetProperty("name").GetString()!);
        checks["says"]
            .GetProperty("description")
            .GetString()
            .ShouldBe("Two of three brokers answer.");
        checks["says"].GetProperty("status").GetString().ShouldBe("degraded");
        checks["throws"].GetProperty("status").GetString().ShouldBe("unhealthy");
        checks["token-issuer"]
            .GetProperty("description")
            .GetString()!
            .ShouldContain("http://127.0.0.1:9");
    }

    [Fact]
    public async Task Alive_NotReady_IsAliveAllTheSame()
    {
        await using var host = await ServiceHost.StartAsync(configure: builder =>
            builder.Services.AddHealthChecks().AddCheck("db", () => HealthCheckResult.Unhealthy())
        );
        using var client = host.Client("management");

        (await client.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Root_Always_SaysWhatTheServiceIs()
    {
        await using var host = await ServiceHost.StartAsync();
        using var client = host.Client("management");

        using var document = JsonDocument.Parse(await client.GetStringAsync("/"));

        document.RootElement.GetProperty("name").GetString().ShouldBe("sample");
        document.RootElement.GetProperty("environment").GetString().ShouldBe("Development");
        document.RootElement.GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
        document
            .RootElement.GetProperty("started")
            .GetDateTimeOffset()
            .Offset.ShouldBe(TimeSpan.Zero);
    }
}
