using Grpc.Core;
using Grpc.Net.Client;

namespace ApiSvc.GrpcTests.Calls;

public sealed class CredentialTests
{
    [Fact]
    public async Task CallCredentials_InsecureChannel_AreNotSent()
    {
        await using var host = await ProbeHost.StartAsync();

        (await SentAsync(host.Client(), Token("secret"))).ShouldBeNull();
    }

    [Fact]
    public async Task CallCredentials_InsecureChannelThatAllowsThem_AreSent()
    {
        await using var host = await ProbeHost.StartAsync();
        var client = host.Client(channel => channel.UnsafeUseInsecureChannelCallCredentials = true);

        (await SentAsync(client, Token("secret"))).ShouldBe("secret Unary");
    }

    [Fact]
    public async Task CallCredentials_ThatFail_FailTheCall()
    {
        await using var host = await ProbeHost.StartAsync();
        var client = host.Client(channel => channel.UnsafeUseInsecureChannelCallCredentials = true);
        var credentials = CallCredentials.FromInterceptor(
            (_, _) => throw new RpcException(new Status(StatusCode.Unauthenticated, "no token"))
        );

        (
            await Should.ThrowAsync<RpcException>(() => SentAsync(client, credentials))
        ).Status.ShouldBe(new Status(StatusCode.Unauthenticated, "no token"));
        host.Journal.Entries.ShouldBeEmpty();
    }

    [Fact]
    public void Channel_CredentialsAgainstTheScheme_Throw()
    {
        Should.Throw<InvalidOperationException>(() =>
            Channel("http://localhost", ChannelCredentials.SecureSsl)
        );
        Should.Throw<InvalidOperationException>(() =>
            Channel("https://localhost", ChannelCredentials.Insecure)
        );
        Should.Throw<ArgumentException>(() =>
            ChannelCredentials.Create(ChannelCredentials.Insecure, Token("secret"))
        );
        Should.Throw<ArgumentException>(() => GrpcChannel.ForAddress("ftp://localhost"));
        Channel(
                "https://localhost",
                ChannelCredentials.Create(ChannelCredentials.SecureSsl, Token("secret"))
            )
            .Dispose();
    }

    private static GrpcChannel Channel(string address, ChannelCredentials credentials) =>
        GrpcChannel.ForAddress(address, new GrpcChannelOptions { Credentials = credentials });

    private static CallCredentials Token(string token) =>
        CallCredentials.FromInterceptor(
            (context, metadata) =>
            {
                metadata.Add("probe-token", $"{token} {context.MethodName}");
                return Task.CompletedTask;
            }
        );

    private static async Task<string?> SentAsync(
        Probe.ProbeClient client,
        CallCredentials credentials
    )
    {
        using var call = client.UnaryAsync(
            new ProbeRequest { Text = "metadata" },
            new CallOptions(credentials: credentials)
        );
        await call;
        return call.GetTrailers().GetValue("trailing-probe-token");
    }
}
