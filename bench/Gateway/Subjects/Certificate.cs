using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ApiSvc.Bench.Gateway.Subjects;

/// <summary>A certificate for all who take HTTPS: P-256, self-signed, of this run.</summary>
/// <param name="ChainFile">PEM.</param>
/// <param name="KeyFile">PEM.</param>
/// <param name="CombinedFile">Both.</param>
/// <param name="Length">Bytes of the certificate.</param>
internal sealed record Certificate(
    string ChainFile,
    string KeyFile,
    string CombinedFile,
    int Length
)
{
    private const string Name = "CN=localhost";

    /// <summary>Takes the certificates of this run and no others.</summary>
    public static RemoteCertificateValidationCallback Check { get; } =
        (_, certificate, _, _) => certificate?.Subject == Name;

    public static Certificate Create(Scratch scratch)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Name, key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        var chain = certificate.ExportCertificatePem();
        var secret = key.ExportPkcs8PrivateKeyPem();
        return new(
            scratch.Write("tls.pem", chain),
            scratch.Write("tls.key", secret),
            scratch.Write("tls-both.pem", $"{chain}\n{secret}\n"),
            certificate.RawDataMemory.Length
        );
    }
}
