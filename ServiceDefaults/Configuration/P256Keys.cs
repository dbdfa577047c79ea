using System.Security.Cryptography;

namespace ApiSvc.ServiceDefaults.Configuration;

/// <summary>Keys on the curve P-256 (RFC 7518 section 6.2.1.1) as settings hold them: DER in base64.</summary>
public static class P256Keys
{
    private const string Curve = "1.2.840.10045.3.1.7";

    /// <summary>A private key, PKCS #8.</summary>
    /// <exception cref="FormatException">It is no base64.</exception>
    /// <exception cref="CryptographicException">It is no such key.</exception>
    public static ECDsa ReadPrivate(string text) =>
        Read(text, (key, bytes) => key.ImportPkcs8PrivateKey(bytes, out _));

    /// <summary>A public key, SubjectPublicKeyInfo.</summary>
    /// <inheritdoc cref="ReadPrivate" path="/exception" />
    public static ECDsa ReadPublic(string text) =>
        Read(text, (key, bytes) => key.ImportSubjectPublicKeyInfo(bytes, out _));

    /// <summary>Whether a setting is such a key.</summary>
    /// <param name="read">One of the two above.</param>
    /// <param name="text">The setting.</param>
    public static bool IsKey(Func<string, ECDsa> read, string text)
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            using var key = read(text);
            return true;
        }
        catch (Exception unreadable) when (unreadable is FormatException or CryptographicException)
        {
            return false;
        }
    }

    private static ECDsa Read(string text, Action<ECDsa, byte[]> import)
    {
        var key = ECDsa.Create();
        try
        {
            import(key, Convert.FromBase64String(text));
            return key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == Curve
                ? key
                : throw new CryptographicException("The key is on another curve than P-256.");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
