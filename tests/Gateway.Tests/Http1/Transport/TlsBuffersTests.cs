using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ApiSvc.Gateway.Http1.Transport;

namespace ApiSvc.Gateway.Tests.Http1.Transport;

/// <summary>That OpenSSL can still be told so: the way to it is the runtime's own affair and may change.</summary>
public sealed class TlsBuffersTests
{
    [Fact]
    public async Task ReleaseWhenEmpty_AfterHandshake_IsInForceAndBytesPass()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "TLS is OpenSSL's on Linux.");
        var cancellationToken = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var near = new TcpClient();
        await near.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
        using var far = await listener.AcceptTcpClientAsync(cancellationToken);
        await using var client = new SslStream(near.GetStream());
        await using var server = new SslStream(far.GetStream());
        using var certificate = NewCertificate();
        await Task.WhenAll(
            server.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = certificate },
                cancellationToken
            ),
            client.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    RemoteCertificateValidationCallback = (_, c, _, _) =>
                        c!.GetCertHashString() == certificate.GetCertHashString(),
                },
                cancellationToken
            )
        );

        Assert.True(TlsBuffers.ReleaseWhenEmpty(server));

        var sent = RandomNumberGenerator.GetBytes(200_000);
        foreach (var (from, to) in new[] { (client, server), (server, client), (client, server) })
        {
            var got = new byte[sent.Length];
            await Task.WhenAll(
                from.WriteAsync(sent, cancellationToken).AsTask(),
                to.ReadExactlyAsync(got, cancellationToken).AsTask()
            );
            Assert.Equal(sent, got);
        }
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest(
            "CN=localhost",
            key,
            HashAlgorithmName.SHA256
        ).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
