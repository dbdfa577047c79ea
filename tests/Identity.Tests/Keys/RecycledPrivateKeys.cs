using ApiSvc.Identity.Keys;

namespace ApiSvc.Identity.Tests.Keys;

/// <summary>
/// New keys on P-256; of RSA keys, which take a third of a second each, the same few again and again, for hosts that know
/// nothing of each other.
/// </summary>
internal sealed class RecycledPrivateKeys : IPrivateKeys
{
    private const int Few = 4;
    private static readonly RandomPrivateKeys Random = new();
    private static readonly Lazy<byte[]>[] Rsa =
    [
        .. Enumerable
            .Range(0, Few)
            .Select(_ => new Lazy<byte[]>(() => Random.Make(SigningAlgorithms.Rs256))),
    ];

    private int _made = -1;

    public byte[] Make(string algorithm) =>
        algorithm == SigningAlgorithms.Rs256
            ? [.. Rsa[Interlocked.Increment(ref _made) % Few].Value]
            : Random.Make(algorithm);
}
