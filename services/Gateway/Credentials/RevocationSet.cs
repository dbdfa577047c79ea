using System.Runtime.InteropServices;
using ApiSvc.Gateway.Indexing;

namespace ApiSvc.Gateway.Credentials;

/// <summary>What a revocation is about.</summary>
internal enum RevocationKind
{
    /// <summary>One token, by its <c>jti</c>.</summary>
    Token,

    /// <summary>Tokens of a client that were issued before a time.</summary>
    Client,

    /// <summary>Tokens of a session (<c>sid</c>) that were issued before a time.</summary>
    Session,
}

/// <summary>A revocation.</summary>
/// <param name="NotBefore">Tokens issued earlier are refused; for one token the end of time.</param>
internal sealed record Revocation(RevocationKind Kind, string Id, DateTimeOffset NotBefore)
{
    public static Revocation OfToken(string tokenId) =>
        new(RevocationKind.Token, tokenId, DateTimeOffset.MaxValue);
}

/// <summary>Tokens that ended before their time; immutable, changed copies share what did not change.</summary>
internal sealed class RevocationSet
{
    private readonly HashIndex<Revocation> _entries;

    private RevocationSet(HashIndex<Revocation> entries) => _entries = entries;

    public static RevocationSet Empty { get; } = new(HashIndex<Revocation>.Empty);

    public int Count => _entries.Count;

    public RevocationSet With(
        IEnumerable<Revocation> added,
        IEnumerable<(RevocationKind Kind, string Id)> removed
    )
    {
        var entries = _entries.ToBuilder();
        foreach (var (kind, id) in removed)
        {
            entries.Remove(Hash(kind, id), new Probe(kind, id));
        }

        foreach (var entry in added)
        {
            entries.Set(Hash(entry.Kind, entry.Id), new Probe(entry.Kind, entry.Id), entry);
        }

        return new(entries.Build());
    }

    /// <summary>
    /// Whether the token ended before its time. Epochs are about our own issuer's clients and sessions: another
    /// issuer's may be called the same. Allocates nothing.
    /// </summary>
    public bool Has(AccessToken token) =>
        Count > 0
        && (
            Has(RevocationKind.Token, token.Id, token)
            || (
                token.Issuer.IsOurs
                && (
                    Has(RevocationKind.Client, token.ClientId, token)
                    || Has(RevocationKind.Session, token.SessionId, token)
                )
            )
        );

    private bool Has(RevocationKind kind, string? id, AccessToken token) =>
        id is not null
        && _entries.Find(Hash(kind, id), new Probe(kind, id)) is { } entry
        && token.IssuedAt < entry.NotBefore;

    private static ulong Hash(RevocationKind kind, string id) =>
        SeededHash.Append(
            SeededHash.Combine(SeededHash.Start, (ulong)kind),
            MemoryMarshal.AsBytes(id.AsSpan())
        );

    private readonly ref struct Probe(RevocationKind kind, string id) : IProbe<Revocation>
    {
        private readonly RevocationKind _kind = kind;
        private readonly string _id = id;

        public bool Matches(Revocation item) => item.Kind == _kind && item.Id == _id;
    }
}
