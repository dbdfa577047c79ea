using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Networks;

namespace ApiSvc.Gateway.Credentials;

/// <summary>What is known of an API key. The key itself is not.</summary>
internal sealed class ApiKeyEntry
{
    private Caller? _caller;
    private bool _isUsed;

    private ApiKeyEntry(ApiKey key)
    {
        if (key.Sha256.Length != 32)
        {
            throw new FormatException("The hash of an API key is 32 bytes.");
        }

        KeyId = new(key.KeyId.Span, bigEndian: true);
        ApplicationId = new(key.ApplicationId.Span, bigEndian: true);
        Sha256 = key.Sha256.ToByteArray();
        VisiblePrefix = key.VisiblePrefix;
        ExpiresAt = key.ExpiresAt?.ToDateTimeOffset() ?? DateTimeOffset.MaxValue;
        AllowedNetworks = NetworkSet.Parse(key.AllowedNetworks);
        Scopes = [.. key.Scopes];
    }

    public Guid KeyId { get; }

    public Guid ApplicationId { get; }

    /// <summary>SHA-256 over the whole key.</summary>
    public ReadOnlyMemory<byte> Sha256 { get; }

    /// <summary>
    /// The key's hash by this process's own function, since it was first used; always the same, so that it may be written again.
    /// </summary>
    public UInt128 KeyedHash { get; set; }

    /// <summary>The part that people may see.</summary>
    public string VisiblePrefix { get; }

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Empty: it may be used from anywhere.</summary>
    public NetworkSet AllowedNetworks { get; }

    public IReadOnlyList<string> Scopes { get; }

    /// <summary>Who calls with it: one object, made when it is first asked for.</summary>
    public Caller Caller =>
        Volatile.Read(ref _caller)
        ?? Interlocked.CompareExchange(ref _caller, MakeCaller(), null)
        ?? _caller;

    /// <summary>Marks it as used.</summary>
    /// <returns>False if it is marked already.</returns>
    public bool TryMarkUsed() =>
        !Volatile.Read(ref _isUsed) && !Interlocked.Exchange(ref _isUsed, true);

    public void ClearUsed() => Volatile.Write(ref _isUsed, false);

    /// <exception cref="FormatException">A hash that is none, or a network that cannot be read.</exception>
    /// <exception cref="ArgumentException">An id that is no UUID.</exception>
    public static ApiKeyEntry From(ApiKey key) => new(key);

    private Caller MakeCaller() =>
        new()
        {
            Kind = CallerKind.ApiKey,
            ApplicationId = ApplicationId,
            Credential = VisiblePrefix,
            Scopes = Scopes.Count == 0 ? null : Scopes.ToHashSet(StringComparer.Ordinal),
        };
}
