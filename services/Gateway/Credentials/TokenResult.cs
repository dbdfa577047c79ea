using System.Runtime.InteropServices;

namespace ApiSvc.Gateway.Credentials;

/// <summary>What became of a token.</summary>
internal enum TokenStatus
{
    /// <summary>Nothing was decided; never an answer of a validation.</summary>
    None,
    Valid,

    /// <summary>No JWT, or one that this side cannot read.</summary>
    Malformed,
    UnknownIssuer,
    AlgorithmNotAccepted,
    UnknownKey,

    /// <summary>The issuer's keys were never read. It says nothing about the token.</summary>
    KeysUnavailable,
    BadSignature,
    Expired,
    NotYetValid,

    /// <summary>Another kind of JWT than an access token.</summary>
    WrongType,
    Revoked,
}

/// <summary>Outcome of a validation; the token only where it is valid.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenResult(TokenStatus Status, AccessToken? Token = null);
