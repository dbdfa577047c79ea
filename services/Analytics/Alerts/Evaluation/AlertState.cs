namespace ApiSvc.Analytics.Alerts.Evaluation;

/// <summary>Where an alert is; numbered as in the contract.</summary>
internal enum AlertState
{
    /// <summary>The condition does not hold.</summary>
    Inactive = 1,

    /// <summary>It holds, but not yet for the hold time.</summary>
    Pending = 2,

    Firing = 3,

    /// <summary>It fired and the condition does not hold any more.</summary>
    Resolved = 4,
}

/// <summary>What an evaluation says.</summary>
internal enum AlertSignal
{
    /// <summary>The condition does not hold.</summary>
    Clear,

    /// <summary>It holds, for less than the hold time.</summary>
    Holds,

    /// <summary>It holds, and has for the hold time.</summary>
    HeldLongEnough,

    /// <summary>Nothing is known, and nothing shall change.</summary>
    Unknown,

    /// <summary>The rule is not evaluated any more.</summary>
    Off,
}

/// <summary>The table of states.</summary>
internal static class AlertTransitions
{
    public static AlertState Next(AlertState state, AlertSignal signal) =>
        (state, signal) switch
        {
            (AlertState.Inactive, AlertSignal.Holds) => AlertState.Pending,
            (AlertState.Inactive, AlertSignal.HeldLongEnough) => AlertState.Firing,
            (AlertState.Pending, AlertSignal.HeldLongEnough) => AlertState.Firing,
            (AlertState.Pending, AlertSignal.Clear or AlertSignal.Off) => AlertState.Inactive,
            (AlertState.Firing, AlertSignal.Clear or AlertSignal.Off) => AlertState.Resolved,
            (AlertState.Resolved, AlertSignal.Holds) => AlertState.Pending,
            (AlertState.Resolved, AlertSignal.HeldLongEnough) => AlertState.Firing,
            _ => state,
        };
}
