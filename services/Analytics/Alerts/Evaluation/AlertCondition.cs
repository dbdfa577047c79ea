using ApiSvc.Analytics.Alerts.Rules;

namespace ApiSvc.Analytics.Alerts.Evaluation;

/// <summary>When a rule fires. Knows neither clock nor database.</summary>
internal sealed record AlertCondition(
    AlertComparison Comparison,
    double Threshold,
    TimeSpan Hold,
    NoData NoData
)
{
    public static AlertCondition Of(AlertRuleRow rule) =>
        new(rule.Comparison, rule.Threshold, TimeSpan.FromSeconds(rule.HoldSeconds), rule.NoData);

    /// <summary>The status after an evaluation.</summary>
    /// <param name="before">The status before it.</param>
    /// <param name="value">The metric; null: there is no number.</param>
    /// <param name="to">The end of the window.</param>
    /// <param name="newId">Makes the id of an alert that begins.</param>
    public AlertStatus Advance(
        AlertStatus before,
        double? value,
        DateTimeOffset to,
        Func<Guid> newId
    )
    {
        var startedAt = before.State is AlertState.Pending or AlertState.Firing
            ? before.StartedAt
            : null;
        var signal = Judge(value) switch
        {
            null => AlertSignal.Unknown,
            false => AlertSignal.Clear,
            _ => to - (startedAt ?? to) >= Hold ? AlertSignal.HeldLongEnough : AlertSignal.Holds,
        };
        return Move(before, signal, to, newId) with { Value = value, EvaluatedTo = to };
    }

    /// <summary>The status after a rule is no more.</summary>
    public static AlertStatus End(AlertStatus before, DateTimeOffset now) =>
        Move(before, AlertSignal.Off, now, () => before.AlertId ?? Guid.Empty);

    private static AlertStatus Move(
        AlertStatus before,
        AlertSignal signal,
        DateTimeOffset at,
        Func<Guid> newId
    )
    {
        var state = AlertTransitions.Next(before.State, signal);
        if (state == before.State)
        {
            return before;
        }

        var moved = before with { State = state, Since = at };
        var begins = before.State is AlertState.Inactive or AlertState.Resolved;
        if (begins)
        {
            moved = moved with { AlertId = newId(), StartedAt = at, FiredAt = null };
        }

        return state switch
        {
            AlertState.Firing => moved with { FiredAt = at },
            AlertState.Inactive => moved with { StartedAt = null },
            _ => moved,
        };
    }

    private bool? Judge(double? value) =>
        (value, NoData) switch
        {
            ({ } number, _) => Comparison switch
            {
                AlertComparison.Above => number > Threshold,
                AlertComparison.AtLeast => number >= Threshold,
                AlertComparison.Below => number < Threshold,
                _ => number <= Threshold,
            },
            (_, NoData.Firing) => true,
            (_, NoData.Keep) => null,
            _ => false,
        };
}
