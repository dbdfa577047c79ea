using System.Text.Json;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Discovery;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Google.Protobuf;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.GatewayCredentials;

/// <summary>
/// Tells the gateways who issues the tokens of applications, with the public keys: when an instance starts, which may
/// be configured otherwise than those before it, and with each change of the keys.
/// </summary>
internal sealed class IssuerPublisher(
    SigningKeys keys,
    SigningKeyStore store,
    IOptions<TokenOptions> tokens
) : IFirstStep
{
    public async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await keys.WaitAsync(cancellationToken);
        var work = services.GetRequiredService<UnitOfWork>();
        var log = services.GetRequiredService<CredentialLog>();
        var db = await work.OpenAsync(cancellationToken);
        // What this instance knows may be older than what another has just told.
        await SigningKeyStore.LockAsync(db);
        Put(log, await store.ReadAsync(db));
        await log.AppendAsync();
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>Puts it into the log that the caller appends.</summary>
    public void Put(CredentialLog log, IEnumerable<SigningKey> all)
    {
        var set = new KeySetDocument([.. all.Select(k => k.Public)]);
        log.Put(
            new Issuer
            {
                Issuer_ = tokens.Value.Issuer,
                Audiences = { IssuerOptions.ApiAudience },
                Jwks = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(set)),
                Algorithms = { SigningAlgorithms.All },
            }
        );
    }
}
