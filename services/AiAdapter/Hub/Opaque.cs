using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.AiAdapter.Hub;

/// <summary>Who made an opaque part. A signature or encrypted reasoning means something only there.</summary>
internal sealed record Provenance(string Provider, string Model, string Key)
{
    /// <summary>Sixteen hex digits that stand for the three in a token the client carries.</summary>
    public string Fingerprint { get; } =
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{Provider}\n{Model}\n{Key}"))
        )[..16];
}

/// <summary>What kind of thing a provider hid in an opaque part.</summary>
internal enum OpaqueKind
{
    /// <summary>Signs the text of a reasoning block.</summary>
    Signature,

    /// <summary>Stands in the place of reasoning that is not shown.</summary>
    Redacted,

    /// <summary>The reasoning itself, encrypted, beside a summary.</summary>
    Encrypted,

    /// <summary>Belongs to the block that follows it (Gemini signs calls and texts, not thoughts).</summary>
    Thought,
}

/// <summary>An opaque part of an answer, replayed in later requests only to where it came from.</summary>
/// <param name="Origin">Fingerprint of its provenance; null when a client sent it bare.</param>
/// <param name="Family">The family whose raw form it has when it came bare; else null.</param>
internal sealed record Opaque(OpaqueKind Kind, string Data, string? Origin, string? Family = null)
{
    private const string Mark = "as1.";
    private const string Letters = "sret";

    /// <summary>The form a client carries: <c>as1.&lt;fingerprint&gt;.&lt;kind&gt;&lt;data&gt;</c>.</summary>
    public string ToToken() => Origin is null ? Data : $"{Mark}{Origin}.{Letters[(int)Kind]}{Data}";

    /// <summary>Reads what a client sent back; a text without the mark is the family's own form.</summary>
    public static Opaque FromToken(string token, OpaqueKind bareKind, string family)
    {
        var data = Mark.Length + 18;
        if (
            token.Length >= data
            && token.StartsWith(Mark, StringComparison.Ordinal)
            && token[data - 2] == '.'
            && Letters.IndexOf(token[data - 1], StringComparison.Ordinal) is >= 0 and var kind
        )
        {
            return new((OpaqueKind)kind, token[data..], token[Mark.Length..(data - 2)]);
        }

        return new(bareKind, token, null, family);
    }

    /// <summary>Whether a deployment may get it: its own, or bare and of its family's form.</summary>
    public bool BelongsTo(Provenance provenance, string family) =>
        Origin is null ? Family == family : Origin == provenance.Fingerprint;
}
