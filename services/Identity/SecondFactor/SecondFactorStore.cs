using System.Security.Cryptography;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Sealing;
using Dapper;

namespace ApiSvc.Identity.SecondFactor;

/// <summary>The second factors of users. The commits are the caller's.</summary>
internal sealed class SecondFactorStore(UnitOfWork work, ISealer sealer, TimeProvider time)
{
    public static readonly SealedColumn Seed = new("second_factors", "user_id", "seed");

    public async Task<bool> IsOnAsync(Guid user)
    {
        var db = await work.OpenAsync();
        return await db.ExecuteScalarAsync<bool>(
            "select exists (select from second_factors where user_id = @user and confirmed_at is not null)",
            new { user }
        );
    }

    /// <summary>The seed that is being set up; one is made where there is none.</summary>
    /// <returns>Null if one is in use already.</returns>
    public async Task<byte[]?> PrepareAsync(Guid user)
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            """
            insert into second_factors (user_id, seed, made_at) select id, @seed, @now from users where id = @user
            on conflict do nothing
            """,
            new
            {
                user,
                seed = sealer.Seal(Seed.At(user), RandomNumberGenerator.GetBytes(Totp.SeedBytes)),
                now = time.Now(),
            }
        );
        var row = await FindAsync(user);
        return row is { ConfirmedAt: null } ? Open(user, row) : null;
    }

    /// <summary>Takes a code; each is good once, and so is none from before it (RFC 6238 section 5.2).</summary>
    /// <param name="user">Whose.</param>
    /// <param name="code">As entered.</param>
    /// <param name="confirms">Whether it is the first one, which puts the second factor in force.</param>
    public async Task<bool> TakeCodeAsync(Guid user, string? code, bool confirms = false)
    {
        if (
            await FindAsync(user) is not { } row
            || row.ConfirmedAt is null != confirms
            || Totp.FindStep(Open(user, row), code, time.GetUtcNow()) is not { } step
        )
        {
            return false;
        }

        var db = await work.OpenAsync();
        return await db.ExecuteAsync(
                """
                update second_factors set last_step = @step, confirmed_at = coalesce(confirmed_at, @now)
                where user_id = @user and last_step < @step and confirmed_at is null = @confirms
                """,
                new
                {
                    user,
                    step,
                    confirms,
                    now = time.Now(),
                }
            ) > 0;
    }

    /// <summary>Takes a recovery code; each is good once.</summary>
    /// <returns>How many are left; null if it is none.</returns>
    public async Task<int?> TakeRecoveryCodeAsync(Guid user, string? code)
    {
        if (RecoveryCode.HashOf(code) is not { } hash)
        {
            return null;
        }

        var db = await work.OpenAsync();
        var isTaken =
            await db.ExecuteAsync(
                "update recovery_codes set used_at = @now where user_id = @user and sha256 = @hash and used_at is null",
                new
                {
                    user,
                    hash,
                    now = time.Now(),
                }
            ) > 0;
        return isTaken ? await CountRecoveryCodesAsync(user) : null;
    }

    public async Task<int> CountRecoveryCodesAsync(Guid user)
    {
        var db = await work.OpenAsync();
        return await db.ExecuteScalarAsync<int>(
            "select count(*) from recovery_codes where user_id = @user and used_at is null",
            new { user }
        );
    }

    /// <summary>Makes new ones; the ones before are good no longer.</summary>
    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(Guid user)
    {
        var codes = Enumerable
            .Range(0, RecoveryCode.Count)
            .Select(_ => RecoveryCode.New())
            .ToList();
        var db = await work.OpenAsync();
        await db.ExecuteAsync("delete from recovery_codes where user_id = @user", new { user });
        await db.ExecuteAsync(
            "insert into recovery_codes (user_id, sha256, made_at) select @user, unnest(@hashes), @now",
            new
            {
                user,
                hashes = codes.Select(c => RecoveryCode.HashOf(c)!).ToArray(),
                now = time.Now(),
            }
        );
        return codes;
    }

    /// <returns>Whether there was one.</returns>
    public async Task<bool> RemoveAsync(Guid user)
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync("delete from recovery_codes where user_id = @user", new { user });
        return await db.ExecuteAsync(
                "delete from second_factors where user_id = @user",
                new { user }
            ) > 0;
    }

    private async Task<Row?> FindAsync(Guid user)
    {
        var db = await work.OpenAsync();
        return await db.QuerySingleOrDefaultAsync<Row>(
            "select seed, confirmed_at as confirmedAt from second_factors where user_id = @user",
            new { user }
        );
    }

    // One that does not open is no wrong code: the key ring is wrong.
    private byte[] Open(Guid user, Row row)
    {
        var opened = sealer.Open(Seed.At(user), row.Seed);
        return opened.Value
            ?? throw new InvalidOperationException(
                $"The second factor of user {user}: {opened.Detail}"
            );
    }

    private sealed record Row(byte[] Seed, DateTime? ConfirmedAt);
}
