using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Keys;

/// <summary>The keys in use, once they are read. Identity checks tokens that come in with them itself.</summary>
internal sealed class SigningKeys(TimeProvider time) : IIssuerKeys
{
    private readonly TaskCompletionSource _read = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private volatile IReadOnlyList<SigningKey> _all = [];

    /// <summary>All that are published; empty until they are read.</summary>
    public IReadOnlyList<SigningKey> All => _all;

    /// <summary>Why there are none yet, in a sentence.</summary>
    public string Reason { get; private set; } = "The signing keys have not been read yet.";

    /// <summary>The key that signs by an algorithm now; null until there is one.</summary>
    public SigningKey? Find(string algorithm)
    {
        var all = _all;
        return
            SigningKeySchedule.FindSigning(all.Select(k => k.Row), algorithm, time.Now()) is { } row
            ? all.First(k => k.Row == row)
            : null;
    }

    /// <inheritdoc cref="Find" />
    /// <exception cref="SigningKeyException">There is none yet.</exception>
    public SigningKey Get(string algorithm) =>
        Find(algorithm) ?? throw new SigningKeyException($"No key signs by {algorithm}: {Reason}");

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<SecurityKey>?> FindAsync(
        string? keyId,
        CancellationToken cancellationToken
    )
    {
        var all = _all;
        return new(
            all.Count == 0
                ? null
                : [.. all.Select(k => k.Key).Where(k => keyId is null || k.KeyId == keyId)]
        );
    }

    /// <summary>Completes when there are keys.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) =>
        _read.Task.WaitAsync(cancellationToken);

    public void Use(IReadOnlyList<SigningKey> keys)
    {
        _all = keys;
        _read.TrySetResult();
    }

    public void Fail(string reason) => Reason = reason;
}
