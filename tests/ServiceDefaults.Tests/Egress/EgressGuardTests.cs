using System.Net;
using System.Net.Sockets;
using ApiSvc.ServiceDefaults.Egress;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Tests.Egress;

public sealed class EgressGuardTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:10.0.0.1")]
    public async Task SendAsync_NameOfAnInternalAddress_IsBlockedWithoutNamingIt(string address)
    {
        using var client = Client(new FakeResolver([address]));

        var blocked = await Should.ThrowAsync<EgressBlockedException>(() =>
            client.GetAsync("http://intranet.example/secret")
        );

        blocked.Host.ShouldBe("intranet.example");
        blocked.Message.ShouldNotContain(address);
    }

    [Theory]
    [InlineData("http://2130706433/", EgressReason.Loopback)]
    [InlineData("http://0x7f.1/", EgressReason.Loopback)]
    [InlineData("http://0177.0.0.1/", EgressReason.Loopback)]
    [InlineData("http://127.1/", EgressReason.Loopback)]
    [InlineData("http://0/", EgressReason.Loopback)]
    [InlineData("http://[::1]/", EgressReason.Loopback)]
    [InlineData("http://[::ffff:7f00:1]/", EgressReason.Loopback)]
    [InlineData("http://0xa9fea9fe/", EgressReason.LinkLocal)]
    [InlineData("http://１２７.０.０.１/", EgressReason.Loopback)]
    public async Task SendAsync_LiteralInAnyForm_IsJudgedByTheAddress(
        string uri,
        EgressReason reason
    )
    {
        using var client = Client(new FakeResolver([]));

        var blocked = await Should.ThrowAsync<EgressBlockedException>(() => client.GetAsync(uri));

        blocked.Reason.ShouldBe(reason);
    }

    [Theory]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("017700000001")]
    public async Task ConnectAsync_RawLiteralInAnyForm_IsJudgedByTheAddress(string host)
    {
        var guard = Guard(new FakeResolver([]));

        var blocked = await Should.ThrowAsync<EgressBlockedException>(async () =>
            await guard.ConnectAsync(new DnsEndPoint(host, 80), CancellationToken.None)
        );

        blocked.Reason.ShouldBe(EgressReason.Loopback);
    }

    [Theory]
    [InlineData("ftp://example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.com/")]
    [InlineData("ws://example.com/")]
    public async Task SendAsync_OtherScheme_IsBlocked(string uri)
    {
        using var client = Client(new FakeResolver(["1.1.1.1"]));

        var thrown = await Should.ThrowAsync<Exception>(() => client.GetAsync(uri));

        // HttpClient itself refuses some schemes before any handler is asked.
        (
            thrown
            is EgressBlockedException { Reason: EgressReason.Scheme }
                or NotSupportedException
        ).ShouldBeTrue();
        Guard(new FakeResolver([])).Judge(new Uri(uri)).ShouldBe(EgressReason.Scheme);
    }

    [Fact]
    public async Task ConnectAsync_AnswerThatChanges_ConnectsToTheAddressThatWasChecked()
    {
        // The same port on both addresses: only the second may be called, and the second answer leads to the first.
        using var forbidden = new TcpListener(IPAddress.Parse("127.0.0.1"), 0);
        forbidden.Start();
        var port = ((IPEndPoint)forbidden.LocalEndpoint).Port;
        using var permitted = new TcpListener(IPAddress.Parse("127.0.0.2"), port);
        permitted.Start();
        var resolver = new FakeResolver(["127.0.0.2"], ["127.0.0.1"]);
        var guard = Guard(resolver, "127.0.0.2/32");

        using var socket = await guard.ConnectAsync(
            new DnsEndPoint("rebind.example", port),
            CancellationToken.None
        );

        resolver.Asked.ShouldBe(1);
        ((IPEndPoint)socket.RemoteEndPoint!).Address.ShouldBe(IPAddress.Parse("127.0.0.2"));
        using var accepted = await permitted.AcceptTcpClientAsync();
        forbidden.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task ConnectAsync_MixedAnswer_UsesOnlyWhatIsAllowed()
    {
        using var forbidden = new TcpListener(IPAddress.Parse("127.0.0.1"), 0);
        forbidden.Start();
        var port = ((IPEndPoint)forbidden.LocalEndpoint).Port;
        var guard = Guard(new FakeResolver(["127.0.0.1", "127.0.0.2"]), "127.0.0.2/32");

        // Nobody listens on the allowed address: that is a refused connection, and no way round to the other one.
        var refused = await Should.ThrowAsync<SocketException>(async () =>
            await guard.ConnectAsync(new DnsEndPoint("mixed.example", port), CancellationToken.None)
        );

        refused.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
        forbidden.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task ConnectAsync_FirstAddressDown_TakesTheNext()
    {
        using var up = new TcpListener(IPAddress.Parse("127.0.0.3"), 0);
        up.Start();
        var port = ((IPEndPoint)up.LocalEndpoint).Port;
        var guard = Guard(new FakeResolver(["127.0.0.2", "127.0.0.3"]), "127.0.0.0/8");

        using var socket = await guard.ConnectAsync(
            new DnsEndPoint("two.example", port),
            CancellationToken.None
        );

        ((IPEndPoint)socket.RemoteEndPoint!).Address.ShouldBe(IPAddress.Parse("127.0.0.3"));
    }

    [Fact]
    public async Task ConnectAsync_NoAnswer_IsNotBlockedButUnknown() =>
        (
            await Should.ThrowAsync<SocketException>(async () =>
                await Guard(new FakeResolver([]))
                    .ConnectAsync(new DnsEndPoint("nowhere.example", 80), CancellationToken.None)
            )
        ).SocketErrorCode.ShouldBe(SocketError.HostNotFound);

    [Fact]
    public void CreateHandler_Always_HasNoProxyRedirectsOrCookies()
    {
        using var handler = Guard(new FakeResolver([])).CreateHandler();

        handler.UseProxy.ShouldBeFalse();
        handler.AllowAutoRedirect.ShouldBeFalse();
        handler.UseCookies.ShouldBeFalse();
    }

    [Fact]
    public void AllowedNetworks_NotANetwork_FailsWithTheKey()
    {
        var failure = Should.Throw<OptionsValidationException>(() =>
            Services(new FakeResolver([]), "10.0.0.0/33", "10.0.0.0/8", "all")
                .GetRequiredService<EgressGuard>()
        );

        failure.Failures.Count().ShouldBe(2);
        failure.Message.ShouldContain("Egress:AllowedNetworks:0");
        failure.Message.ShouldContain("Egress:AllowedNetworks:2");
    }

    internal static HttpClient Client(IHostResolver resolver, params string[] allowed) =>
        Services(resolver, allowed)
            .GetRequiredService<IHttpClientFactory>()
            .CreateClient("imports");

    private static EgressGuard Guard(IHostResolver resolver, params string[] allowed) =>
        Services(resolver, allowed).GetRequiredService<EgressGuard>();

    private static ServiceProvider Services(IHostResolver resolver, params string[] allowed)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    allowed.Select(
                        (n, i) =>
                            KeyValuePair.Create<string, string?>($"Egress:AllowedNetworks:{i}", n)
                    )
                )
                .Build()
        );
        services.AddSingleton(resolver);
        services.AddGuardedHttpClient("imports");
        return services.BuildServiceProvider();
    }
}
