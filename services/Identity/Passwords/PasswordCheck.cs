using ApiSvc.Identity.Attempts;
using ApiSvc.Identity.SignIn;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Dapper;

namespace ApiSvc.Identity.Passwords;

/// <summary>What came of a password.</summary>
/// <param name="IsRight">Whether it is the user's.</param>
/// <param name="Wait">Whether it was not even looked at.</param>
internal sealed record PasswordAnswer(bool IsRight, Wait? Wait = null);

/// <summary>
/// Judges passwords, slowly where they are guessed. Who is unknown gets the same answer, after the same work, as who enters
/// a wrong one.
/// </summary>
internal sealed class PasswordCheck(AttemptLimiter limiter, KnownBrowsers browsers, UnitOfWork work)
{
    /// <summary>Judges and records, before the unit of work is begun; commits what it records unless the password is right.</summary>
    /// <param name="http">Where it comes from.</param>
    /// <param name="user">Whose it should be; null if there is no such user.</param>
    /// <param name="entered">The login as it was entered.</param>
    /// <param name="password">As entered.</param>
    /// <param name="actor">Who.</param>
    /// <param name="cancellationToken">The browser has gone.</param>
    public async Task<PasswordAnswer> JudgeAsync(
        HttpContext http,
        SignInUser? user,
        string entered,
        string password,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var address = Attempt.From(Pace.Address, http.Connection.RemoteIpAddress);
        var account = user is null
            ? Attempt.Of(Pace.Account, SignInUser.Normalize(entered))
            : browsers.Find(http, user.Id) ?? Attempt.Of(Pace.Account, user.PublicId);
        if (await limiter.BeginAsync(cancellationToken, address, account) is { } wait)
        {
            await work.RecordWaitAsync(actor, user?.PublicId, wait);
            return new(IsRight: false, wait);
        }

        if (!PasswordHash.Verify(user?.PasswordHash, password, out var isOutdated))
        {
            await work.RecordRefusalAsync(actor, user?.PublicId, "wrong-password");
            return new(IsRight: false);
        }

        await limiter.ForgetAsync(account, cancellationToken);
        await limiter.TakeBackAsync(address, cancellationToken);
        if (isOutdated)
        {
            var db = await work.OpenAsync(cancellationToken);
            await db.ExecuteAsync(
                "update users set password_hash = @hash where id = @Id and password_hash = @PasswordHash",
                new
                {
                    user!.Id,
                    user.PasswordHash,
                    hash = PasswordHash.Of(password),
                }
            );
        }

        return new(IsRight: true);
    }
}
