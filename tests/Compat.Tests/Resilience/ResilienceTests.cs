using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace ApiSvc.Compat.Tests.Resilience;

public sealed class ResilienceTests : IDisposable
{
    private readonly ScriptedServer _server = new();

    [Fact]
    public async Task Get_503Twice_Answers200FromTheThird()
    {
        _server.Answers.Enqueue(HttpStatusCode.ServiceUnavailable);
        _server.Answers.Enqueue(HttpStatusCode.ServiceUnavailable);
        using var services = Services();

        var response = await Client(services).GetAsync("http://upstream/");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        _server.Calls.ShouldBe(3);
    }

    [Fact]
    public async Task Get_Always503_AnswersItAfterThreeRetries()
    {
        _server.Otherwise = HttpStatusCode.ServiceUnavailable;
        using var services = Services();

        var response = await Client(services).GetAsync("http://upstream/");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        _server.Calls.ShouldBe(4);
    }

    [Theory]
    [InlineData(HttpStatusCode.RequestTimeout, 4)]
    [InlineData(HttpStatusCode.TooManyRequests, 4)]
    [InlineData(HttpStatusCode.InternalServerError, 4)]
    [InlineData(HttpStatusCode.NotFound, 1)]
    [InlineData(HttpStatusCode.Conflict, 1)]
    public async Task Get_Status_IsRetriedIfTransient(HttpStatusCode status, int calls)
    {
        _server.Otherwise = status;
        using var services = Services();

        (await Client(services).GetAsync("http://upstream/")).StatusCode.ShouldBe(status);

        _server.Calls.ShouldBe(calls);
    }

    [Fact]
    public async Task Get_NoConnection_IsRetriedThenThrown()
    {
        _server.Failure = new HttpRequestException("refused");
        using var services = Services();

        await Should.ThrowAsync<HttpRequestException>(() =>
            Client(services).GetAsync("http://upstream/")
        );

        _server.Calls.ShouldBe(4);
    }

    [Fact]
    public async Task Post_UnsafeMethodsDisabled_IsSentOnce()
    {
        _server.Otherwise = HttpStatusCode.ServiceUnavailable;
#pragma warning disable EXTEXP0001 // Experimental in the package; what it is for is settled.
        using var services = Services(options => options.Retry.DisableForUnsafeHttpMethods());
#pragma warning restore EXTEXP0001
        var client = Client(services);

        await client.PostAsync("http://upstream/", new StringContent("x"));
        _server.Calls.ShouldBe(1);
        await client.GetAsync("http://upstream/");

        _server.Calls.ShouldBe(1 + 4);
    }

    [Fact]
    public async Task Post_Default_IsRetriedWithItsBody()
    {
        _server.Answers.Enqueue(HttpStatusCode.ServiceUnavailable);
        using var services = Services();

        await Client(services).PostAsync("http://upstream/", new StringContent("body"));

        _server.Bodies.ShouldBe(["body", "body"]);
    }

    [Fact]
    public async Task Retry_RetryAfterHeader_SaysHowLong()
    {
        _server.Answers.Enqueue(HttpStatusCode.ServiceUnavailable);
        _server.RetryAfter = TimeSpan.FromMinutes(10);
        TimeSpan? waited = null;
        using var services = Services(options =>
        {
            options.TotalRequestTimeout.Timeout = TimeSpan.FromHours(1);
            options.Retry.OnRetry = args =>
            {
                waited = args.RetryDelay;
                throw new InvalidOperationException("enough");
            };
        });

        await Should.ThrowAsync<InvalidOperationException>(() =>
            Client(services).GetAsync("http://upstream/")
        );

        waited.ShouldBe(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task Get_ServerHangs_TimesOutEachAttempt()
    {
        _server.Hangs = true;
        using var services = Services(options =>
        {
            options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(50);
            options.Retry.MaxRetryAttempts = 1;
        });

        await Should.ThrowAsync<TimeoutRejectedException>(() =>
            Client(services).GetAsync("http://upstream/")
        );

        _server.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task Get_TooLongWithAllRetries_TimesOutInAll()
    {
        _server.Hangs = true;
        using var services = Services(options =>
        {
            options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(40);
            options.TotalRequestTimeout.Timeout = TimeSpan.FromMilliseconds(100);
            options.Retry.MaxRetryAttempts = 1000;
        });

        await Should.ThrowAsync<TimeoutRejectedException>(() =>
            Client(services).GetAsync("http://upstream/")
        );

        _server.Calls.ShouldBeInRange(1, 10);
    }

    [Fact]
    public async Task Get_CallerCancels_IsNotRetried()
    {
        _server.Hangs = true;
        using var services = Services();
        using var source = new CancellationTokenSource();
        _server.Arrived = source.Cancel;

        await Should.ThrowAsync<OperationCanceledException>(() =>
            Client(services).GetAsync("http://upstream/", source.Token)
        );

        _server.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Breaker_TooManyFailures_OpensWithoutCalling()
    {
        _server.Otherwise = HttpStatusCode.ServiceUnavailable;
        using var services = Services(options =>
        {
            options.CircuitBreaker.MinimumThroughput = 2;
            options.Retry.MaxRetryAttempts = 1;
        });
        var client = Client(services);
        await client.GetAsync("http://upstream/");
        var before = _server.Calls;

        // A new handler, as after rotation, knows of it too.
        await Should.ThrowAsync<BrokenCircuitException>(() =>
            Client(services).GetAsync("http://upstream/")
        );

        _server.Calls.ShouldBe(before);
    }

    [Fact]
    public async Task SelectPipelineByAuthority_OneHostBroken_OthersAreCalled()
    {
        using var services = Services(
            options =>
            {
                options.CircuitBreaker.MinimumThroughput = 2;
                options.Retry.MaxRetryAttempts = 1;
            },
            builder => builder.SelectPipelineByAuthority()
        );
        var client = Client(services);
        _server.Otherwise = HttpStatusCode.ServiceUnavailable;
        await client.GetAsync("http://broken/");
        await Should.ThrowAsync<BrokenCircuitException>(() => client.GetAsync("http://broken/"));
        _server.Otherwise = HttpStatusCode.OK;

        (await client.GetAsync("http://whole/")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task RateLimiter_TooManyAtOnce_RefusesTheRest()
    {
        _server.Hangs = true;
        using var services = Services(options =>
            options.RateLimiter.DefaultRateLimiterOptions.PermitLimit = 1
        );
        var client = Client(services);
        using var source = new CancellationTokenSource();
        var first = client.GetAsync("http://upstream/", source.Token);

        await Should.ThrowAsync<RateLimiterRejectedException>(() =>
            client.GetAsync("http://upstream/")
        );

        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public void Options_Default_AreThePackages()
    {
        var options = new HttpStandardResilienceOptions();

        options.RateLimiter.DefaultRateLimiterOptions.PermitLimit.ShouldBe(1000);
        options.TotalRequestTimeout.Timeout.ShouldBe(TimeSpan.FromSeconds(30));
        options.AttemptTimeout.Timeout.ShouldBe(TimeSpan.FromSeconds(10));
        options.Retry.MaxRetryAttempts.ShouldBe(3);
        options.Retry.Delay.ShouldBe(TimeSpan.FromSeconds(2));
        options.Retry.UseJitter.ShouldBeTrue();
        options.CircuitBreaker.FailureRatio.ShouldBe(0.1);
        options.CircuitBreaker.MinimumThroughput.ShouldBe(100);
        options.CircuitBreaker.SamplingDuration.ShouldBe(TimeSpan.FromSeconds(30));
        options.CircuitBreaker.BreakDuration.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Options_TimeoutsThatContradict_AreRefusedWithTheirNames()
    {
        using var services = Services(options =>
        {
            options.AttemptTimeout.Timeout = TimeSpan.FromMinutes(1);
            options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(1);
        });

        var thrown = Should.Throw<OptionsValidationException>(() =>
            services
                .GetRequiredService<IOptionsMonitor<HttpStandardResilienceOptions>>()
                .Get("test-standard")
        );

        thrown.Message.ShouldContain("TotalRequestTimeout");
        thrown.Message.ShouldContain("CircuitBreaker.SamplingDuration");
    }

    [Fact]
    public async Task Configure_SectionChanges_NewOptionsHold()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([
                new("Http:Retry:MaxRetryAttempts", "1"),
                new("Http:Retry:Delay", "0"),
            ])
            .Build();
        using var services = Services(
            configure: null,
            builder => builder.Configure(configuration.GetSection("Http"))
        );
        _server.Otherwise = HttpStatusCode.ServiceUnavailable;
        var client = Client(services);
        await client.GetAsync("http://upstream/");
        _server.Calls.ShouldBe(2);

        configuration["Http:Retry:MaxRetryAttempts"] = "2";
        configuration.Reload();
        await client.GetAsync("http://upstream/");

        _server.Calls.ShouldBe(2 + 3);
    }

    [Fact]
    public async Task Defaults_OfAllClients_Retry()
    {
        _server.Answers.Enqueue(HttpStatusCode.ServiceUnavailable);
        var collection = new ServiceCollection();
        collection.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.Zero);
            http.ConfigurePrimaryHttpMessageHandler(() => _server);
        });
        await using var services = collection.BuildServiceProvider();

        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("any");

        (await client.GetAsync("http://upstream/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        _server.Calls.ShouldBe(2);
    }

    public void Dispose() => _server.Dispose();

    private static HttpClient Client(IServiceProvider services) =>
        services.GetRequiredService<IHttpClientFactory>().CreateClient("test");

    private ServiceProvider Services(
        Action<HttpStandardResilienceOptions>? configure = null,
        Action<IHttpStandardResiliencePipelineBuilder>? build = null
    )
    {
        var services = new ServiceCollection();
        var builder = services
            .AddHttpClient("test")
            .ConfigurePrimaryHttpMessageHandler(() => _server)
            .AddStandardResilienceHandler(options =>
            {
                options.Retry.Delay = TimeSpan.Zero;
                configure?.Invoke(options);
            });
        build?.Invoke(builder);
        return services.BuildServiceProvider();
    }

    private sealed class ScriptedServer : HttpMessageHandler
    {
        private int _calls;

        public ConcurrentQueue<HttpStatusCode> Answers { get; } = [];

        public ConcurrentQueue<string> Bodies { get; } = [];

        public HttpStatusCode Otherwise { get; set; } = HttpStatusCode.OK;

        public Exception? Failure { get; set; }

        public bool Hangs { get; set; }

        public TimeSpan? RetryAfter { get; set; }

        public Action? Arrived { get; set; }

        public int Calls => _calls;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Interlocked.Increment(ref _calls);
            Arrived?.Invoke();
            if (request.Content is { } content)
            {
                Bodies.Enqueue(await content.ReadAsStringAsync(cancellationToken));
            }

            if (Hangs)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            if (Failure is not null)
            {
                throw Failure;
            }

            var response = new HttpResponseMessage(
                Answers.TryDequeue(out var status) ? status : Otherwise
            )
            {
                RequestMessage = request,
            };
            response.Headers.RetryAfter = RetryAfter is { } after ? new(after) : null;
            return response;
        }
    }
}
