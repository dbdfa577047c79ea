using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AppHost;

/// <summary>
/// The certificate for <c>localhost</c> of this clone, by a certification authority of its own: whoever trusts
/// <c>ca.pem</c> trusts nothing else that way. Both are made when they are missing or about to expire.
/// </summary>
internal sealed class DevelopmentCertificate(DataFolder data, TimeProvider time)
{
    private static readonly TimeSpan Margin = TimeSpan.FromDays(30);

    public string CaPath => data.File("ca.pem");

    public string CertificatePath => data.File("https.pem");

    public string KeyPath => data.File("https.key");

    private string CaKeyPath => data.File("ca.key");

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(data.Path);
        var now = time.GetUtcNow();
        var isNew = Read(CaPath, CaKeyPath, now) is not { } authority;
        authority = isNew ? CertificateFactory.NewAuthority(now) : Read(CaPath, CaKeyPath, now)!;
        using (authority)
        {
            if (isNew)
            {
                await WriteAsync("ca", authority, cancellationToken);
            }

            using var kept = isNew ? null : Read(CertificatePath, KeyPath, now);
            if (kept is null)
            {
                using var server = CertificateFactory.NewServer(authority, now);
                await WriteAsync("https", server, cancellationToken);
            }
        }
    }

    private static X509Certificate2? Read(string path, string keyPath, DateTimeOffset now)
    {
        if (!File.Exists(path) || !File.Exists(keyPath))
        {
            return null;
        }

        var certificate = X509Certificate2.CreateFromPemFile(path, keyPath);
        if (certificate.NotAfter.ToUniversalTime() > (now + Margin).UtcDateTime)
        {
            return certificate;
        }

        certificate.Dispose();
        return null;
    }

    private async Task WriteAsync(
        string name,
        X509Certificate2 certificate,
        CancellationToken token
    )
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        await data.WriteAsync($"{name}.key", key.ExportPkcs8PrivateKeyPem() + "\n", token);
        await data.WriteAsync($"{name}.pem", certificate.ExportCertificatePem() + "\n", token);
    }
}

internal static class DevelopmentCertificateExtensions
{
    /// <summary>Makes the certificate before anything starts.</summary>
    public static DevelopmentCertificate AddDevelopmentCertificate(
        this IDistributedApplicationBuilder builder,
        DataFolder data
    )
    {
        var certificate = new DevelopmentCertificate(data, TimeProvider.System);
        builder.Services.AddSingleton(certificate);
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Eventing.Subscribe<BeforeStartEvent>(
                (_, cancellationToken) => certificate.EnsureAsync(cancellationToken)
            );
        }

        return certificate;
    }
}
