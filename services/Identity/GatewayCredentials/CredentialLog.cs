using System.Text;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Identity.ApiKeys;
using ApiSvc.Identity.OAuthClients;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.ServiceTokens;
using ApiSvc.ServiceDefaults.Sync;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.GatewayCredentials;

/// <summary>
/// Collects what a unit of work changes for the gateways, and appends it to the logs of their groups. The ids of
/// resources: UUIDs in network order for keys and clients (epochs: of the client), UTF-8 for issuers and token ids.
/// </summary>
internal sealed class CredentialLog(ResourceLog log, IOptions<TokenOptions> tokens)
{
    // In the order in which groups are locked.
    private static readonly string[] Groups = [Words.Production, Words.Sandbox];

    private readonly List<(string Group, ResourceChange Change)> _changes = [];

    public void Put(ApiKeyRow key, byte[] sha256) =>
        Put(
            key.Environment,
            CredentialKind.ApiKey,
            IdOf(key.Id),
            new ApiKey
            {
                KeyId = ByteString.CopyFrom(IdOf(key.Id)),
                ApplicationId = ByteString.CopyFrom(IdOf(key.ApplicationId)),
                Sha256 = ByteString.CopyFrom(sha256),
                VisiblePrefix = key.VisiblePrefix,
                ExpiresAt = key.ExpiresAt?.ToTimestamp(),
                AllowedNetworks = { key.AllowedNetworks },
                Scopes = { key.Scopes },
            }
        );

    public void Delete(ApiKeyRow key) =>
        Delete(key.Environment, CredentialKind.ApiKey, IdOf(key.Id));

    public void Put(OAuthClientRow client) =>
        Put(
            client.Environment,
            CredentialKind.OauthClient,
            IdOf(client.Id),
            new OAuthClient
            {
                Issuer = tokens.Value.Issuer,
                ClientId = client.ClientId,
                ApplicationId = ByteString.CopyFrom(IdOf(client.ApplicationId)),
                Scopes = { client.Scopes },
            }
        );

    public void Delete(OAuthClientRow client) =>
        Delete(client.Environment, CredentialKind.OauthClient, IdOf(client.Id));

    public void PutEpoch(OAuthClientRow client, DateTime notBefore) =>
        Put(
            client.Environment,
            CredentialKind.Epoch,
            IdOf(client.Id),
            new Epoch { ClientId = client.ClientId, NotBefore = notBefore.ToTimestamp() }
        );

    public void DeleteEpoch(OAuthClientRow client) =>
        Delete(client.Environment, CredentialKind.Epoch, IdOf(client.Id));

    public void PutRevoked(string tokenId, DateTime expiresAt)
    {
        var token = new RevokedToken { TokenId = tokenId, ExpiresAt = expiresAt.ToTimestamp() };
        foreach (var group in Groups)
        {
            Put(group, CredentialKind.RevokedToken, Encoding.UTF8.GetBytes(tokenId), token);
        }
    }

    public void DeleteRevoked(string tokenId)
    {
        foreach (var group in Groups)
        {
            Delete(group, CredentialKind.RevokedToken, Encoding.UTF8.GetBytes(tokenId));
        }
    }

    public void Put(Issuer issuer)
    {
        foreach (var group in Groups)
        {
            Put(group, CredentialKind.Issuer, Encoding.UTF8.GetBytes(issuer.Issuer_), issuer);
        }
    }

    /// <summary>Appends what was collected. The last call before the commit: it locks the groups.</summary>
    public async Task AppendAsync()
    {
        foreach (
            var group in _changes.GroupBy(c => c.Group).OrderBy(g => g.Key, StringComparer.Ordinal)
        )
        {
            await log.AppendAsync(group.Key, [.. group.Select(c => c.Change)]);
        }

        _changes.Clear();
    }

    private void Put(string group, CredentialKind kind, byte[] id, IMessage body) =>
        _changes.Add((group, ResourceChange.Put((uint)kind, id, body)));

    private void Delete(string group, CredentialKind kind, byte[] id) =>
        _changes.Add((group, ResourceChange.Delete((uint)kind, id)));

    private static byte[] IdOf(Guid id) => id.ToByteArray(bigEndian: true);
}
