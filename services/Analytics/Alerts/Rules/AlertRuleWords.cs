namespace ApiSvc.Analytics.Alerts.Rules;

// Numbered as in the contract.

/// <summary>When a metric is out of bounds.</summary>
internal enum AlertComparison
{
    Above = 1,
    AtLeast = 2,
    Below = 3,
    AtMost = 4,
}

/// <summary>What it means when there is no number.</summary>
internal enum NoData
{
    /// <summary>The condition does not hold.</summary>
    Ok = 1,

    /// <summary>The condition holds.</summary>
    Firing = 2,

    /// <summary>Nothing changes.</summary>
    Keep = 3,
}

/// <summary>How bad it is.</summary>
internal enum AlertSeverity
{
    Info = 1,
    Warning = 2,
    Critical = 3,
}
