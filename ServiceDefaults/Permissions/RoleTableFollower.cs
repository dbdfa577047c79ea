using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>
/// Keeps the role table as Identity streams it. While Identity is away the last table holds; before it was ever
/// reached, the built-in one. The same stream tells when the keys of tokens change: a leaked one is not taken any more
/// within a second.
/// </summary>
internal sealed partial class RoleTableFollower(
    Roles.RolesClient identity,
    RoleTableState state,
    RemoteIssuerKeys keys,
    IConfiguration configuration,
    IOptions<TokenOptions> tokens,
    TimeProvider time,
    ILogger<RoleTableFollower> logger
) : BackgroundService
{
    public const string Service = "identity";

    // A stream that says nothing may be dead without either side seeing it: a new one begins now and then.
    private static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(5);

    private ulong _version;
    private ulong _keysVersion;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (
            !configuration.GetSection($"services:{Service}").Exists()
            || string.IsNullOrEmpty(tokens.Value.ClientId)
        )
        {
            Log.StaysBuiltIn(logger);
            return;
        }

        var backoff = new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(backoff, stoppingToken);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.DeadlineExceeded)
            {
                // As meant.
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.Away(logger, e.Message, _version);
            }

            await Task.Delay(backoff.Next(), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(Backoff backoff, CancellationToken cancellationToken)
    {
        using var call = identity.WatchRoleTable(
            new WatchRoleTableRequest
            {
                HaveVersion = _version,
                HaveSigningKeysVersion = _keysVersion,
            },
            deadline: time.GetUtcNow().UtcDateTime + LongestStream,
            cancellationToken: cancellationToken
        );
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            var table = call.ResponseStream.Current;
            state.Replace(
                new RoleTable(
                    table.Roles.Select(role =>
                        KeyValuePair.Create(
                            role.Name,
                            (IReadOnlyCollection<string>)[.. role.Permissions]
                        )
                    )
                )
            );
            _version = table.Version;
            if (table.SigningKeysVersion != _keysVersion)
            {
                _keysVersion = table.SigningKeysVersion;
                keys.Changed();
            }

            backoff.Reset();
            Log.Follows(logger, _version, table.Roles.Count);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Role table {Version} with {Count} roles")]
        public static partial void Follows(ILogger logger, ulong version, int count);

        [LoggerMessage(
            LogLevel.Information,
            "The built-in role table holds: no address of Identity, or no client of its own, is configured"
        )]
        public static partial void StaysBuiltIn(ILogger logger);

        [LoggerMessage(
            LogLevel.Warning,
            "Identity streams no role table: {Reason}. Version {Version} holds (0: the built-in one)"
        )]
        public static partial void Away(ILogger logger, string reason, ulong version);
    }
}
