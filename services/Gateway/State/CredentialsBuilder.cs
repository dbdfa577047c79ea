using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Gateway.Credentials;
using ApiSvc.Gateway.Sync;
using Google.Protobuf;

namespace ApiSvc.Gateway.State;

/// <summary>
/// Builds the next credentials from those before and what changed. One that cannot be read does not work; the others do.
/// </summary>
internal sealed partial class CredentialsBuilder(
    GatewayStates states,
    AccessTokenValidator validator,
    RemoteKeySets remoteKeys,
    KeyUses uses,
    ILogger<CredentialsBuilder> logger
) : IStateBuilder
{
    private readonly Dictionary<ResourceKey, object> _entries = [];
    private readonly Dictionary<ResourceKey, Quarantined> _setAside = [];

    public ValueTask<IReadOnlyList<Quarantined>> ApplyAsync(
        ResourceSet state,
        IReadOnlyList<ResourceKey>? changed,
        CancellationToken cancellationToken
    )
    {
        if (changed is null)
        {
            _entries.Clear();
            _setAside.Clear();
        }

        var removed = new List<object>();
        var added = new List<object>();
        foreach (var key in changed ?? [.. state.Enumerate().Select(r => r.Key)])
        {
            cancellationToken.ThrowIfCancellationRequested();
            _setAside.Remove(key);
            if (_entries.Remove(key, out var before))
            {
                removed.Add(before);
            }

            if (state.Get(key) is { } resource && Read(resource) is { } entry)
            {
                _entries[key] = entry;
                added.Add(entry);
            }
        }

        var set = changed is null ? CredentialSet.Empty : states.Current.Credentials.Set;
        states.Swap(new CredentialsState(Next(set, added, removed), validator, uses));
        return new([.. _setAside.Values]);
    }

    private static CredentialSet Next(CredentialSet set, List<object> added, List<object> removed)
    {
        if (Touches<ApiKeyEntry>(added, removed))
        {
            set = set with
            {
                ApiKeys = set.ApiKeys.With(
                    added.OfType<ApiKeyEntry>(),
                    removed.OfType<ApiKeyEntry>().Select(k => k.Sha256)
                ),
            };
        }

        if (Touches<OAuthClientEntry>(added, removed))
        {
            set = set with
            {
                Clients = set.Clients.With(
                    added.OfType<OAuthClientEntry>(),
                    removed.OfType<OAuthClientEntry>().Select(c => (c.Issuer, c.ClientId))
                ),
            };
        }

        if (Touches<IssuerEntry>(added, removed))
        {
            set = set with
            {
                Issuers = set.Issuers.With(
                    added.OfType<IssuerEntry>(),
                    removed.OfType<IssuerEntry>().Select(i => i.Name)
                ),
            };
        }

        return Touches<Revocation>(added, removed)
            ? set with
            {
                Revocations = set.Revocations.With(
                    added.OfType<Revocation>(),
                    removed.OfType<Revocation>().Select(r => (r.Kind, r.Id))
                ),
            }
            : set;
    }

    private static bool Touches<T>(List<object> added, List<object> removed) =>
        added.Exists(e => e is T) || removed.Exists(e => e is T);

    private object? Read(SyncedResource resource)
    {
        if (resource.RequiredFeatures.Count > 0)
        {
            return SetAside(
                resource.Key,
                $"It requires what this build lacks: {string.Join(", ", resource.RequiredFeatures)}."
            );
        }

        try
        {
            return (CredentialKind)resource.Key.Kind switch
            {
                CredentialKind.ApiKey => ApiKeyEntry.From(ApiKey.Parser.ParseFrom(resource.Body)),
                CredentialKind.OauthClient => OAuthClientEntry.From(
                    OAuthClient.Parser.ParseFrom(resource.Body)
                ),
                CredentialKind.Issuer => IssuerEntry.From(
                    Issuer.Parser.ParseFrom(resource.Body),
                    remoteKeys
                ),
                CredentialKind.RevokedToken => Revocation.OfToken(
                    RevokedToken.Parser.ParseFrom(resource.Body).TokenId
                ),
                CredentialKind.Epoch => Read(Epoch.Parser.ParseFrom(resource.Body)),
                _ => SetAside(resource.Key, "This build does not know its kind."),
            };
        }
        catch (Exception unreadable) when (unreadable is not OperationCanceledException)
        {
            // Whatever one holds must not keep the others from being applied.
            return SetAside(
                resource.Key,
                unreadable is FormatException or ArgumentException or InvalidProtocolBufferException
                    ? unreadable.Message
                    : "It could not be applied."
            );
        }
    }

    private static Revocation Read(Epoch epoch) =>
        epoch.OfCase switch
        {
            Epoch.OfOneofCase.ClientId => new(
                RevocationKind.Client,
                epoch.ClientId,
                epoch.NotBefore.ToDateTimeOffset()
            ),
            Epoch.OfOneofCase.SessionId => new(
                RevocationKind.Session,
                epoch.SessionId,
                epoch.NotBefore.ToDateTimeOffset()
            ),
            _ => throw new FormatException("It says of nothing when it began."),
        };

    private object? SetAside(ResourceKey key, string reason)
    {
        _setAside[key] = new(key, "", reason);
        Log.SetAside(
            logger,
            (CredentialKind)key.Kind,
            Convert.ToHexStringLower(key.Id.Span),
            reason
        );
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Id} is set aside: {Reason}")]
        public static partial void SetAside(
            ILogger logger,
            CredentialKind kind,
            string id,
            string reason
        );
    }
}
