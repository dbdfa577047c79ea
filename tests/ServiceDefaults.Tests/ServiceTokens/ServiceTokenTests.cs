using System.Collections.Concurrent;
using System.Text;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Tests.ServiceTokens;

public sealed class ServiceTokenTests : IAsyncLifetime
{
    private readonly ShiftedTime _time = new();
    private readonly ConcurrentQueue<string?> _sent = [];
    private FakeIssuer _issuer = null!;

    public async ValueTask InitializeAsync() => _issuer = await FakeIssuer.StartAsync();

    public ValueTask DisposeAsync() => _issuer.DisposeAsync();

    [Fact]
    public async Task Send_HundredCallsAtOnce_AskForOneToken()
    {
        var go = new TaskCompletionSource();
        _issuer.OnTokenRequest = async (_, number) =>
        {
            await go.Task;
            return Results.Json(new { access_token = $"token-{number}", expires_in = 300 });
        };
        using var services = Services();
        using var client = services
            .GetRequiredService<IHttpClientFactory>()
            .CreateClient("catalog");

        var calls = Enumerable
            .Range(0, 100)
            .Select(_ => client.GetAsync("http://catalog.example/"))
            .ToList();
        go.SetResult();
        await Task.WhenAll(calls);

        _issuer.TokenRequests.ShouldBe(1);
        _sent.Count.ShouldBe(100);
        _sent.Distinct().ShouldBe(["Bearer token-1"]);
    }

    [Fact]
    public async Task Get_AnyAudience_AsksByClientCredentials()
    {
        IFormCollection? form = null;
        string? authorization = null;
        _issuer.OnTokenRequest = async (request, _) =>
        {
            form = await request.ReadFormAsync();
            authorization = request.Headers.Authorization;
            return Results.Json(new { access_token = "t", expires_in = 300 });
        };
        using var services = Services();

        await services.GetRequiredService<IServiceTokens>().GetAsync("identity", default);

        form!["grant_type"].ToString().ShouldBe("client_credentials");
        form["audience"].ToString().ShouldBe("identity");
        var basic = authorization!["Basic ".Length..];
        // The colon in the secret is form-encoded first (RFC 6749 section 2.3.1).
        Encoding.UTF8.GetString(Convert.FromBase64String(basic)).ShouldBe("sample:s%3Acret");
    }

    [Fact]
    public async Task Get_OtherAudience_IsAnotherToken()
    {
        using var services = Services();
        var tokens = services.GetRequiredService<IServiceTokens>();

        var first = await tokens.GetAsync("catalog", default);
        var second = await tokens.GetAsync("identity", default);

        second.ShouldNotBe(first);
        (await tokens.GetAsync("catalog", default)).ShouldBe(first);
    }

    [Fact]
    public async Task Get_MinuteBeforeExpiry_IsRenewed()
    {
        using var services = Services();
        var tokens = services.GetRequiredService<IServiceTokens>();
        await tokens.GetAsync("catalog", default);

        _time.Shift = TimeSpan.FromSeconds(235);
        (await tokens.GetAsync("catalog", default)).ShouldBe("token-1");
        _time.Shift = TimeSpan.FromSeconds(241);
        (await tokens.GetAsync("catalog", default)).ShouldBe("token-2");
    }

    [Fact]
    public async Task Get_IssuerAwayInTheLastMinute_KeepsTheOldUntilItExpires()
    {
        using var services = Services();
        var tokens = services.GetRequiredService<IServiceTokens>();
        await tokens.GetAsync("catalog", default);
        _issuer.OnTokenRequest = (_, _) => Task.FromResult(Results.StatusCode(503));

        _time.Shift = TimeSpan.FromSeconds(250);
        (await tokens.GetAsync("catalog", default)).ShouldBe("token-1");
        _time.Shift = TimeSpan.FromSeconds(301);
        await Should.ThrowAsync<ServiceTokenException>(async () =>
            await tokens.GetAsync("catalog", default)
        );
    }

    [Fact]
    public async Task Get_IssuerStumbles_IsAskedAgain()
    {
        _issuer.OnTokenRequest = (_, number) =>
            Task.FromResult(
                number < 3
                    ? Results.StatusCode(502)
                    : Results.Json(new { access_token = "at-last", expires_in = 300 })
            );
        using var services = Services();

        (await services.GetRequiredService<IServiceTokens>().GetAsync("catalog", default)).ShouldBe(
            "at-last"
        );
    }

    [Fact]
    public async Task Get_IssuerRefuses_FailsAtOnceWithItsWord()
    {
        _issuer.OnTokenRequest = (_, _) =>
            Task.FromResult(Results.Json(new { error = "invalid_client" }, statusCode: 401));
        using var services = Services();

        var failure = await Should.ThrowAsync<ServiceTokenException>(async () =>
            await services.GetRequiredService<IServiceTokens>().GetAsync("catalog", default)
        );

        failure.Message.ShouldContain("invalid_client");
        failure.Message.ShouldNotContain("s:cret");
        _issuer.TokenRequests.ShouldBe(1);
    }

    [Fact]
    public async Task Get_OneWaiterLeaves_TheOthersGetTheToken()
    {
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        _issuer.OnTokenRequest = async (_, _) =>
        {
            asked.SetResult();
            await go.Task;
            return Results.Json(new { access_token = "t", expires_in = 300 });
        };
        using var services = Services();
        var tokens = services.GetRequiredService<IServiceTokens>();
        using var leaves = new CancellationTokenSource();
        var first = tokens.GetAsync("catalog", leaves.Token).AsTask();
        var second = tokens.GetAsync("catalog", default).AsTask();
        await asked.Task;

        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        go.SetResult();

        (await second).ShouldBe("t");
    }

    [Fact]
    public void Options_WithoutSecret_FailNamingTheKeys()
    {
        using var services = Services(("Tokens:ClientSecret", null));

        Should
            .Throw<OptionsValidationException>(() =>
                services.GetRequiredService<IOptions<TokenOptions>>().Value
            )
            .Message.ShouldContain("Tokens:ClientSecret");
    }

    [Fact]
    public void Options_PlaintextOutsideDevelopment_FailNamingTheKey()
    {
        using var services = Services(
            ("Tokens:JwksUri", "http://identity.example/jwks"),
            ("AllowPlaintext", "false")
        );

        Should
            .Throw<OptionsValidationException>(() =>
                services.GetRequiredService<IOptions<TokenOptions>>().Value
            )
            .Message.ShouldContain("Tokens:JwksUri");
    }

    private ServiceProvider Services(params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = "Production" }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["AllowPlaintext"] = "true",
                ["Tokens:Issuer"] = _issuer.Issuer,
                ["Tokens:ClientId"] = "sample",
                ["Tokens:ClientSecret"] = "s:cret",
            }
        );
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Key, s.Value))
        );
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder
            .Services.AddHttpClient("catalog")
            .ConfigurePrimaryHttpMessageHandler(() => new Recorder(_sent))
            .AddServiceToken("catalog");
        return builder.Services.BuildServiceProvider();
    }

    private sealed class Recorder(ConcurrentQueue<string?> sent) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            sent.Enqueue(request.Headers.Authorization?.ToString());
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
