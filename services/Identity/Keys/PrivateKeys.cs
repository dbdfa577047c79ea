using System.Security.Cryptography;

namespace ApiSvc.Identity.Keys;

/// <summary>Where private keys come from.</summary>
internal interface IPrivateKeys
{
    /// <summary>A new one for an algorithm, as PKCS #8 (RFC 5208).</summary>
    byte[] Make(string algorithm);
}

/// <summary>Made at random, on P-256 or with a modulus of 2048 bits.</summary>
internal sealed class RandomPrivateKeys : IPrivateKeys
{
    private const int ModulusBits = 2048;

    public byte[] Make(string algorithm)
    {
        using AsymmetricAlgorithm key =
            algorithm == SigningAlgorithms.Rs256
                ? RSA.Create(ModulusBits)
                : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }
}
