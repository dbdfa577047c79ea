using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Routing;

/// <summary>What a failure says of the call's next try.</summary>
internal enum NextTry
{
    /// <summary>None: it would fail everywhere, or was the client's mistake.</summary>
    Stop,

    /// <summary>With another key, here or elsewhere.</summary>
    OtherKey,

    /// <summary>At another deployment; at this one only if there is no other.</summary>
    OtherDeployment,

    /// <summary>At a deployment that takes longer prompts.</summary>
    LongerContext,
}

/// <summary>What a failure says of whom it met.</summary>
internal enum Blame
{
    Nobody,
    Key,
    Deployment,
}

internal static class FailureDecision
{
    public static (NextTry Next, Blame Blame) Of(FailureKind kind, bool onRefusal) =>
        kind switch
        {
            FailureKind.Authentication
            or FailureKind.Permission
            or FailureKind.RateLimited
            or FailureKind.QuotaExhausted => (NextTry.OtherKey, Blame.Key),
            FailureKind.Overloaded
            or FailureKind.ServerError
            or FailureKind.Timeout
            or FailureKind.Malformed
            or FailureKind.Cut => (NextTry.OtherDeployment, Blame.Deployment),

            // The model is not there: a mistake in the configuration, which the next may not have.
            FailureKind.NotFound => (NextTry.OtherDeployment, Blame.Deployment),
            FailureKind.ContextLength => (NextTry.LongerContext, Blame.Nobody),
            FailureKind.ContentPolicy when onRefusal => (NextTry.OtherDeployment, Blame.Nobody),
            _ => (NextTry.Stop, Blame.Nobody),
        };
}
