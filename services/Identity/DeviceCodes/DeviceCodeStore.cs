using ApiSvc.Identity.Changes;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Identity.DeviceCodes;

/// <summary>Requests of devices that wait for a user. Of a device code only its hash is kept.</summary>
internal sealed class DeviceCodeStore(
    UnitOfWork work,
    IOptions<IssuerOptions> options,
    TimeProvider time
)
{
    /// <summary>How long a device waits between two polls at first (RFC 8628 section 3.2).</summary>
    public const int Interval = 5;

    // Of 34 bits with a few thousand waiting, this many in a quarter of an hour hit one in about a million sessions.
    private const int MostMisses = 5;
    private static readonly TimeSpan MissesKept = TimeSpan.FromMinutes(15);

    /// <summary>Notes a request, and commits.</summary>
    public async Task<(string DeviceCode, string UserCode)> AddAsync(
        IssuerClient client,
        IReadOnlyList<string> scopes
    )
    {
        var code = GeneratedSecret.New();
        var db = await work.OpenAsync();
        while (true)
        {
            var userCode = UserCode.New();
            var count = await db.ExecuteAsync(
                """
                insert into device_codes (sha256, user_code, client_id, scopes, expires_at, interval_seconds)
                values (@hash, @userCode, @Id, @scopes, @expiresAt, @Interval) on conflict (user_code) do nothing
                """,
                new
                {
                    hash = GeneratedSecret.Hash(code),
                    userCode,
                    client.Id,
                    scopes = scopes.ToArray(),
                    expiresAt = time.Now() + options.Value.DeviceCodeLifetime,
                    Interval,
                }
            );
            if (count > 0)
            {
                await work.CommitAsync();
                return (code, userCode);
            }
        }
    }

    /// <summary>The request of a device code, locked.</summary>
    public async Task<DeviceCodeRow?> LockAsync(byte[] hash)
    {
        var db = await work.OpenAsync();
        return await db.QuerySingleOrDefaultAsync<DeviceCodeRow>(
            $"select {DeviceCodeRow.Columns} from device_codes where sha256 = @hash for update",
            new { hash }
        );
    }

    /// <summary>The request that waits for this user code, locked.</summary>
    public async Task<DeviceCodeRow?> LockWaitingAsync(string userCode)
    {
        var db = await work.OpenAsync();
        return await db.QuerySingleOrDefaultAsync<DeviceCodeRow>(
            $"""
            select {DeviceCodeRow.Columns} from device_codes
            where user_code = @userCode and expires_at > @now and grant_id is null and denied_at is null for update
            """,
            new { userCode, now = time.Now() }
        );
    }

    public async Task AllowAsync(DeviceCodeRow row, GrantRow grant)
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            "update device_codes set grant_id = @grant where sha256 = @Sha256",
            new { grant = grant.Id, row.Sha256 }
        );
    }

    public async Task DenyAsync(DeviceCodeRow row)
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            "update device_codes set denied_at = @now where sha256 = @Sha256",
            new { row.Sha256, now = time.Now() }
        );
    }

    /// <summary>Notes that it asked, and, if it was too early, that it has to wait longer (section 3.5).</summary>
    /// <returns>Whether it was too early.</returns>
    public async Task<bool> PollAsync(DeviceCodeRow row)
    {
        var now = time.Now();
        var isEarly = now < row.PolledAt + TimeSpan.FromSeconds(row.IntervalSeconds);
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            "update device_codes set polled_at = @now, interval_seconds = interval_seconds + @more where sha256 = @Sha256",
            new
            {
                row.Sha256,
                now,
                more = isEarly ? Interval : 0,
            }
        );
        await work.CommitAsync();
        return isEarly;
    }

    public async Task UseAsync(DeviceCodeRow row)
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            "update device_codes set used_at = @now where sha256 = @Sha256",
            new { row.Sha256, now = time.Now() }
        );
    }

    /// <summary>Whether too many wrong codes were entered in this session (section 5.1).</summary>
    public async Task<bool> HasMissedOftenAsync(Guid session)
    {
        var db = await work.OpenAsync();
        return await db.ExecuteScalarAsync<bool>(
            "select exists (select from device_code_misses where session_id = @session and until > @now and misses >= @MostMisses)",
            new
            {
                session,
                now = time.Now(),
                MostMisses,
            }
        );
    }

    /// <summary>Notes a wrong code, and commits.</summary>
    public async Task MissAsync(Guid session)
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            """
            insert into device_code_misses as m (session_id, misses, until) values (@session, 1, @until)
            on conflict (session_id) do update set until = excluded.until,
              misses = case when m.until > @now then m.misses + 1 else 1 end
            """,
            new
            {
                session,
                now = time.Now(),
                until = time.Now() + MissesKept,
            }
        );
        await work.CommitAsync();
    }
}
