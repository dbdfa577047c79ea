using System.Collections.Frozen;

namespace ApiSvc.Gateway.Credentials;

/// <summary>The issuers whose tokens are accepted; a handful, immutable.</summary>
internal sealed class IssuerSet
{
    private readonly FrozenDictionary<string, IssuerEntry> _issuers;

    private IssuerSet(FrozenDictionary<string, IssuerEntry> issuers) => _issuers = issuers;

    public static IssuerSet Empty { get; } = new(FrozenDictionary<string, IssuerEntry>.Empty);

    public int Count => _issuers.Count;

    /// <summary>A set without <paramref name="removed"/> (issuer names) and then with <paramref name="added"/>.</summary>
    public IssuerSet With(IEnumerable<IssuerEntry> added, IEnumerable<string> removed)
    {
        var issuers = new Dictionary<string, IssuerEntry>(_issuers, StringComparer.Ordinal);
        foreach (var name in removed)
        {
            issuers.Remove(name);
        }

        foreach (var issuer in added)
        {
            issuers[issuer.Name] = issuer;
        }

        return new(issuers.ToFrozenDictionary(StringComparer.Ordinal));
    }

    public IssuerEntry? Find(string name) => _issuers.GetValueOrDefault(name);
}
