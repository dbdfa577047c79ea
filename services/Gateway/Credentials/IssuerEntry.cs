using ApiSvc.Contracts.Credentials.V1;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Gateway.Credentials;

/// <summary>An issuer of access tokens.</summary>
internal sealed class IssuerEntry
{
    // Asymmetric ones only; what a token's header says of itself chooses nothing (RFC 8725 section 3.1).
    private static readonly string[] Known =
    [
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
        SecurityAlgorithms.EcdsaSha512,
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSha384,
        SecurityAlgorithms.RsaSha512,
    ];

    private IssuerEntry(Issuer issuer, IKeySource keys)
    {
        Name = issuer.Issuer_;
        Audiences = [.. issuer.Audiences];
        Algorithms =
            issuer.Algorithms.Count == 0
                ? Known
                : [.. Known.Where(a => issuer.Algorithms.Contains(a))];
        IsOurs = !issuer.Jwks.IsEmpty;
        Keys = keys;
    }

    /// <summary>The <c>iss</c> claim.</summary>
    public string Name { get; }

    /// <summary>Accepted audiences where an API names none; empty: none.</summary>
    public IReadOnlyList<string> Audiences { get; }

    public IReadOnlyList<string> Algorithms { get; }

    /// <summary>Whether its tokens are of RFC 9068 without exception, and epochs are about them.</summary>
    public bool IsOurs { get; }

    public IKeySource Keys { get; }

    /// <exception cref="FormatException">Its keys cannot be read, or it has neither keys nor an address of them.</exception>
    public static IssuerEntry From(Issuer issuer, RemoteKeySets remote)
    {
        if (!issuer.Jwks.IsEmpty)
        {
            return new(issuer, new GivenKeys(SigningKeys.Parse(issuer.Jwks.ToStringUtf8())));
        }

        return Uri.TryCreate(issuer.JwksUri, UriKind.Absolute, out var address)
            ? new(issuer, remote.At(address))
            : throw new FormatException(
                $"The issuer '{issuer.Issuer_}' has neither keys nor an address of them."
            );
    }
}
