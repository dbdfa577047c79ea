namespace ApiSvc.Gateway.Credentials;

/// <summary>Where the keys of an issuer come from.</summary>
internal interface IKeySource
{
    /// <summary>The last known ones; null while none are.</summary>
    SigningKeys? Current { get; }

    /// <summary>Reads them anew because a token wants one that is not among them; does nothing if that was tried just now.</summary>
    Task RefreshAsync(CancellationToken cancellationToken);
}

/// <summary>Keys that came with the issuer's entry.</summary>
internal sealed class GivenKeys(SigningKeys keys) : IKeySource
{
    public SigningKeys? Current => keys;

    public Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
