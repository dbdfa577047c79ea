using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Keys;

/// <summary>The keys in use, once they are read. Identity checks tokens that come in with them itself.</summary>
internal sealed class SigningKeys : IIssuerKeys
{
    private readonly TaskCompletionSource _read = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private volatile IReadOnlyList<SigningKey> _all = [];

    /// <summary>All, the newest first; empty until they are read.</summary>
    public IReadOnlyList<SigningKey> All => _all;

    /// <summary>Why there are none yet, in a sentence.</summary>
    public string Reason { get; private set; } = "The signing keys have not been read yet.";

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
