using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ApiSvc.Bench.Gateway.Subjects;

/// <summary>A certificate for all who take HTTPS: P-256, self-signed, of this run.</summary>
internal sealed record Certificate(string ChainFile, string KeyFile, string CombinedFile)
{
    public static Certificate Create(Scratch scratch)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        var chain = certificate.ExportCertificatePem();
        var secret = key.ExportPkcs8PrivateKeyPem();
        return new(
            scratch.Write("tls.pem", chain),
            scratch.Write("tls.key", secret),
            scratch.Write("tls-both.pem", $"{chain}\n{secret}\n")
        );
    }
}
