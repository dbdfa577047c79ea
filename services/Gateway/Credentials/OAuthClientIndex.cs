using System.Runtime.InteropServices;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Gateway.Indexing;

namespace ApiSvc.Gateway.Credentials;

/// <summary>An application's OAuth client.</summary>
internal sealed record OAuthClientEntry(
    string Issuer,
    string ClientId,
    Guid ApplicationId,
    IReadOnlyList<string> Scopes
)
{
    /// <exception cref="ArgumentException">The application's id is no UUID.</exception>
    public static OAuthClientEntry From(OAuthClient client) =>
        new(
            client.Issuer,
            client.ClientId,
            new(client.ApplicationId.Span, bigEndian: true),
            [.. client.Scopes]
        );
}

/// <summary>Which application a client of an issuer is; immutable, changed copies share what did not change.</summary>
internal sealed class OAuthClientIndex
{
    private readonly HashIndex<OAuthClientEntry> _entries;

    private OAuthClientIndex(HashIndex<OAuthClientEntry> entries) => _entries = entries;

    public static OAuthClientIndex Empty { get; } = new(HashIndex<OAuthClientEntry>.Empty);

    public int Count => _entries.Count;

    public OAuthClientIndex With(
        IEnumerable<OAuthClientEntry> added,
        IEnumerable<(string Issuer, string ClientId)> removed
    )
    {
        var entries = _entries.ToBuilder();
        foreach (var (issuer, clientId) in removed)
        {
            entries.Remove(Hash(issuer, clientId), new Probe(issuer, clientId));
        }

        foreach (var entry in added)
        {
            var probe = new Probe(entry.Issuer, entry.ClientId);
            entries.Set(Hash(entry.Issuer, entry.ClientId), probe, entry);
        }

        return new(entries.Build());
    }

    /// <summary>Allocates nothing.</summary>
    public OAuthClientEntry? Find(string issuer, string clientId) =>
        _entries.Find(Hash(issuer, clientId), new Probe(issuer, clientId));

    private static ulong Hash(string issuer, string clientId) =>
        SeededHash.Append(
            SeededHash.Append(SeededHash.Start, MemoryMarshal.AsBytes(issuer.AsSpan())),
            MemoryMarshal.AsBytes(clientId.AsSpan())
        );

    private readonly ref struct Probe(string issuer, string clientId) : IProbe<OAuthClientEntry>
    {
        private readonly string _issuer = issuer;
        private readonly string _clientId = clientId;

        public bool Matches(OAuthClientEntry item) =>
            item.Issuer == _issuer && item.ClientId == _clientId;
    }
}
