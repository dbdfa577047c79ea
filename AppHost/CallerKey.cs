using System.Security.Cryptography;

namespace ApiSvc.AppHost;

/// <summary>
/// The key by which gateways tell the suite's services who calls. Made once and kept in the data folder; where the suite is
/// published, it is configured: <c>caller-signing-key</c> and <c>caller-public-key</c>.
/// </summary>
internal static class CallerKey
{
    private const string FileName = "caller.key";

    /// <summary>Lets one service sign and the other check.</summary>
    public static void SignsFor(
        this IResourceBuilder<ProjectResource> gateway,
        IResourceBuilder<ProjectResource> service,
        DataFolder data
    )
    {
        const string Private = "CallerTokens__SigningKey";
        const string Public = "Callers__PublicKeys__0";
        var builder = gateway.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode)
        {
            gateway.WithEnvironment(
                Private,
                builder.AddParameter("caller-signing-key", secret: true)
            );
            service.WithEnvironment(Public, builder.AddParameter("caller-public-key"));
            return;
        }

        // Whoever is asked first makes it, and both are asked.
        var made = new Lazy<Task<ECDsa>>(() => EnsureAsync(data));
        gateway.WithEnvironment(async context =>
            context.EnvironmentVariables[Private] = Convert.ToBase64String(
                (await made.Value).ExportPkcs8PrivateKey()
            )
        );
        service.WithEnvironment(async context =>
            context.EnvironmentVariables[Public] = Convert.ToBase64String(
                (await made.Value).ExportSubjectPublicKeyInfo()
            )
        );
    }

    private static async Task<ECDsa> EnsureAsync(DataFolder data)
    {
        var path = data.File(FileName);
        if (File.Exists(path))
        {
            var kept = ECDsa.Create();
            kept.ImportFromPem(await File.ReadAllTextAsync(path));
            return kept;
        }

        Directory.CreateDirectory(data.Path);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await data.WriteAsync(
            FileName,
            key.ExportPkcs8PrivateKeyPem() + "\n",
            CancellationToken.None
        );
        return key;
    }
}
