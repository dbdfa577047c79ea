using ApiSvc.Identity.Attempts;
using ApiSvc.Identity.SignIn;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Identity.SecondFactor;

/// <summary>What came of a code.</summary>
/// <param name="IsRight">Whether it was taken; the commit is the caller's.</param>
/// <param name="Wait">Whether it was not even looked at.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes are left, if it was one.</param>
internal sealed record CodeAnswer(bool IsRight, Wait? Wait = null, int? RecoveryCodesLeft = null);

/// <summary>Judges codes of the second factor, and recovery codes, slowly where they are guessed.</summary>
internal sealed class SecondFactorCheck(
    SecondFactorStore store,
    AttemptLimiter limiter,
    UnitOfWork work
)
{
    public async Task<CodeAnswer> JudgeAsync(
        Guid user,
        string? code,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var id = new Id<UserKind>(user).ToString();
        var attempt = Attempt.Of(Pace.Code, id);
        if (await limiter.BeginAsync(cancellationToken, attempt) is { } wait)
        {
            await work.RecordWaitAsync(actor, id, wait);
            return new(IsRight: false, wait);
        }

        var isCode = await store.TakeCodeAsync(user, code);
        var left = isCode ? null : await store.TakeRecoveryCodeAsync(user, code);
        if (!isCode && left is null)
        {
            await work.RecordRefusalAsync(actor, id, "wrong-code");
            return new(IsRight: false);
        }

        if (left is not null)
        {
            work.AddAudit(
                actor.Did("recovery-code.use", id, team: null, after: new { Left = left })
            );
        }

        await AttemptLimiter.ForgetAsync(await work.OpenAsync(cancellationToken), attempt);
        return new(IsRight: true, RecoveryCodesLeft: left);
    }
}
