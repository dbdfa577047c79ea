using ApiSvc.Identity.Attempts;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.SignIn;

/// <summary>What the audit log has of people who do not get in. Never what they entered.</summary>
internal static class SignInRecords
{
    private const string Unknown = "unknown";

    public static Task RecordRefusalAsync(
        this UnitOfWork work,
        Actor actor,
        string? user,
        string reason
    )
    {
        work.AddAudit(
            actor.Did(
                "session.refuse",
                user ?? Unknown,
                team: null,
                after: new { Reason = reason }
            ) with
            {
                Result = AuditResult.Failed,
            }
        );
        return work.CommitAsync();
    }

    public static async Task RecordWaitAsync(
        this UnitOfWork work,
        Actor actor,
        string? user,
        Wait wait
    )
    {
        if (!wait.IsNew)
        {
            return;
        }

        work.AddAudit(
            actor.Did(
                "session.delay",
                user ?? Unknown,
                team: null,
                after: new { wait.Kind, wait.Until }
            ) with
            {
                Result = AuditResult.Denied,
            }
        );
        await work.CommitAsync();
    }
}
