namespace ApiSvc.Gateway.Credentials;

/// <summary>All that is known of credentials at a moment; immutable.</summary>
internal sealed record CredentialSet(
    ApiKeyIndex ApiKeys,
    OAuthClientIndex Clients,
    IssuerSet Issuers,
    RevocationSet Revocations
)
{
    private static long _last;

    public static CredentialSet Empty { get; } =
        new(ApiKeyIndex.Empty, OAuthClientIndex.Empty, IssuerSet.Empty, RevocationSet.Empty);

    /// <summary>Tells sets apart without holding on to them; of no meaning outside this process.</summary>
    public long Version { get; } = Interlocked.Increment(ref _last);

    // A changed copy is another set.
    private CredentialSet(CredentialSet original)
    {
        ApiKeys = original.ApiKeys;
        Clients = original.Clients;
        Issuers = original.Issuers;
        Revocations = original.Revocations;
        Version = Interlocked.Increment(ref _last);
    }
}
