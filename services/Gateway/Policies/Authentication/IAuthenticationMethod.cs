using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Policies.Authentication;

/// <summary>One way to say who calls.</summary>
internal interface IAuthenticationMethod
{
    /// <summary>What a call without a credential is told (RFC 9110 section 11.6.1).</summary>
    byte[]? Challenge { get; }

    /// <summary>What a call with a wrong one is told.</summary>
    byte[]? RefusedChallenge { get; }

    /// <summary>Whether the request carries something of this kind, right or wrong.</summary>
    bool IsCarriedBy(Exchange exchange);

    /// <summary>Finds out who it is; sets the caller and removes the credential from what the upstream gets.</summary>
    /// <returns>Why not; null: the caller is known.</returns>
    ValueTask<Problem?> AuthenticateAsync(Exchange exchange);
}
