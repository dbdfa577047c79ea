using System.Net;
using System.Runtime.CompilerServices;
using ApiSvc.Gateway.Credentials;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Policies;
using ApiSvc.Gateway.Policies.Authentication;

namespace ApiSvc.Gateway.State;

internal enum KeyFailure
{
    None,

    /// <summary>There is no such key, or no longer.</summary>
    Unknown,

    /// <summary>The key is right, but not from there.</summary>
    Address,
}

/// <summary>Whose key it is, or why it is not taken.</summary>
internal readonly record struct KeyResult(Caller? Caller, KeyFailure Failure);

/// <summary>What the credentials log says, compiled.</summary>
internal sealed class CredentialsState(
    CredentialSet set,
    AccessTokenValidator? validator,
    KeyUses? uses = null
)
{
    // One caller per token, for as long as the token is held by anything.
    private static readonly ConditionalWeakTable<AccessToken, TokenCaller> TokenCallers = [];

    public static CredentialsState Empty { get; } = new(CredentialSet.Empty, validator: null);

    public CredentialSet Set => set;

    public KeyResult FindKey(ReadOnlySpan<byte> key, IPAddress address, DateTimeOffset now)
    {
        if (!set.ApiKeys.TryFind(key, out var entry) || now >= entry.ExpiresAt)
        {
            return new(null, KeyFailure.Unknown);
        }

        if (!entry.AllowedNetworks.IsEmpty && !entry.AllowedNetworks.Contains(address))
        {
            return new(null, KeyFailure.Address);
        }

        uses?.Note(entry);
        return new(entry.Caller, KeyFailure.None);
    }

    /// <summary>Who calls with this token; null where it is not taken.</summary>
    public ValueTask<Caller?> CheckTokenAsync(
        ReadOnlyMemory<byte> token,
        TokenRule rule,
        DateTimeOffset now
    )
    {
        if (validator is null)
        {
            return new((Caller?)null);
        }

        return validator.TryGetKnown(token.Span, set, now, out var known)
            ? new(CallerOf(known, rule))
            : CheckNewAsync(validator, token, rule);
    }

    private async ValueTask<Caller?> CheckNewAsync(
        AccessTokenValidator checks,
        ReadOnlyMemory<byte> token,
        TokenRule rule
    )
    {
        // A signature takes longer than a thread that carries calls may be held up.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return CallerOf(await checks.ValidateAsync(token, set, CancellationToken.None), rule);
    }

    private Caller? CallerOf(TokenResult result, TokenRule rule)
    {
        if (
            result.Token is not { } token
            || !(
                rule.Issuers.Count == 0
                    ? token.Issuer.IsOurs
                    : rule.Issuers.Contains(token.Issuer.Name)
            )
            || !token.IsFor(rule.Audiences)
            || token.ClientId is not { } clientId
            || set.Clients.Find(token.Issuer.Name, clientId) is not { } client
        )
        {
            return null;
        }

        if (TokenCallers.TryGetValue(token, out var made) && ReferenceEquals(made.Client, client))
        {
            return made.Caller;
        }

        made = new(client, CallerOf(token, client));
        TokenCallers.AddOrUpdate(token, made);
        return made.Caller;
    }

    private static Caller CallerOf(AccessToken token, OAuthClientEntry client) =>
        new()
        {
            Kind = CallerKind.Token,
            ApplicationId = client.ApplicationId,
            Credential = client.ClientId,
            Subject = token.Subject,
            SubjectKey = CounterKey.Of($"{token.Issuer.Name} {token.Subject}"),
            Scopes = token.Scopes.ToHashSet(StringComparer.Ordinal),
        };

    private sealed record TokenCaller(OAuthClientEntry Client, Caller Caller);
}
