using ApiSvc.Gateway.CallRecords;
using ApiSvc.Gateway.Dependencies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Tests.Dependencies;

public sealed class EdgeDependencyTests
{
    [Fact]
    public async Task Health_EveryoneElseAway_IsDegradedAndNotUnready()
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Development" }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:redis"] = "127.0.0.1:9",
                ["ConnectionStrings:kafka"] = "127.0.0.1:9",
                ["Tokens:Issuer"] = "https://identity.example",
                ["Tokens:ClientId"] = "gateway",
                ["Tokens:ClientSecret"] = "secret",
            }
        );
        builder.AddServiceDefaults();
        builder.AddCallRecords();
        builder.AddEdgeDependencies();
        await using var app = builder.Build();
        var checks = app.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>();
        string[] others =
        [
            .. checks
                .Value.Registrations.Where(c => c.FailureStatus == HealthStatus.Degraded)
                .Select(c => c.Name),
        ];

        // Nothing was started, so the keys were never read.
        var report = await app
            .Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(c => c.Name == TokenExtensions.IssuerCheck);

        others.Length.ShouldBe(3);
        others.ShouldContain(TokenExtensions.IssuerCheck);
        report.Status.ShouldBe(HealthStatus.Degraded);
    }
}
