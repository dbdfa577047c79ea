using ApiSvc.Compat.Tests.Servers;
using ApiSvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ApiSvc.Compat.Tests.Redis;

public sealed class RedisTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task AddRedisClient_ConnectionString_ConnectsWhenTheHostStarts()
    {
        var connected = 0;
        var builder = TestHost.Create(("ConnectionStrings:cache", redis.Address));
        builder.AddRedisClient("cache", configureOptions: _ => connected++);
        using var host = builder.Build();
        connected.ShouldBe(0);

        await host.StartAsync();

        connected.ShouldBe(1);
        var database = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        (await database.StringIncrementAsync($"count:{Guid.NewGuid()}", 41)).ShouldBe(41);
        connected.ShouldBe(1);
        await host.StopAsync();
    }

    [Fact]
    public async Task DisableAutoActivation_HostStarted_DoesNotConnect()
    {
        var connected = 0;
        var builder = TestHost.Create(
            ("ConnectionStrings:cache", redis.Address),
            ("Aspire:StackExchange:Redis:DisableAutoActivation", "true")
        );
        builder.AddRedisClient("cache", configureOptions: _ => connected++);
        using var host = builder.Build();

        await host.StartAsync();

        connected.ShouldBe(0);
        await host.StopAsync();
    }

    [Fact]
    public async Task HealthCheck_ServerThere_IsHealthy()
    {
        var builder = TestHost.Create(("ConnectionStrings:cache", redis.Address));
        builder.AddRedisClient("cache");
        using var host = builder.Build();

        var (name, entry) = await TestHost.CheckAsync(host);

        name.ShouldBe("StackExchange.Redis");
        entry.Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task HealthCheck_ServerComesLater_IsUnhealthyThenHealthy()
    {
        var port = FreePort.Find();
        var builder = TestHost.Create(
            (
                "ConnectionStrings:cache",
                $"127.0.0.1:{port},connectTimeout=500,syncTimeout=500,connectRetry=1"
            )
        );
        builder.AddRedisClient("cache");
        using var host = builder.Build();
        await host.StartAsync();
        var (_, away) = await TestHost.CheckAsync(host);
        away.Status.ShouldBe(HealthStatus.Unhealthy);
        away.Description.ShouldNotBeNullOrEmpty();

        using var late = await RedisServer.StartAsync(port);

        await Eventually.GetAsync(
            async () => (await TestHost.CheckAsync(host)).Entry.Status,
            status => status == HealthStatus.Healthy
        );
        await host.StopAsync();
    }

    [Fact]
    public async Task Start_NoConnectionString_NamesTheKeys()
    {
        var builder = TestHost.Create();
        builder.AddRedisClient("cache");
        using var host = builder.Build();

        var thrown = await Should.ThrowAsync<InvalidOperationException>(() => host.StartAsync());

        thrown.Message.ShouldContain("ConnectionStrings:cache");
        thrown.Message.ShouldContain("Aspire:StackExchange:Redis:ConnectionString");
    }

    [Fact]
    public void Settings_GivenEverywhere_TheLastOneCounts()
    {
        var builder = TestHost.Create(
            ("Aspire:StackExchange:Redis:ConnectionString", "away:1"),
            ("Aspire:StackExchange:Redis:cache:ConnectionString", "away:2"),
            ("ConnectionStrings:cache", redis.Address),
            ("Aspire:StackExchange:Redis:ConfigurationOptions:ClientName", "section"),
            ("Aspire:StackExchange:Redis:cache:ConfigurationOptions:ClientName", "named")
        );
        ConfigurationOptions? options = null;
        builder.AddRedisClient(
            "cache",
            settings =>
            {
                settings.ConnectionString.ShouldBe(redis.Address);
                settings.DisableHealthChecks = true;
            },
            configured => options = configured
        );
        using var host = builder.Build();

        host.Services.GetRequiredService<IConnectionMultiplexer>().IsConnected.ShouldBeTrue();
        options!.ClientName.ShouldBe("named");
        options.AbortOnConnectFail.ShouldBeFalse();
        host.Services.GetService<HealthCheckService>().ShouldBeNull();
    }

    [Fact]
    public async Task AddKeyed_Named_HasItsOwnCheck()
    {
        var builder = TestHost.Create(("ConnectionStrings:counters", redis.Address));
        builder.AddKeyedRedisClient("counters");
        using var host = builder.Build();

        var (name, entry) = await TestHost.CheckAsync(host);

        name.ShouldBe("StackExchange.Redis_counters");
        entry.Status.ShouldBe(HealthStatus.Healthy);
        host.Services.GetService<IConnectionMultiplexer>().ShouldBeNull();
        host.Services.GetRequiredKeyedService<IConnectionMultiplexer>("counters")
            .IsConnected.ShouldBeTrue();
    }
}
