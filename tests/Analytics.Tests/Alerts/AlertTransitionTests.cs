using ApiSvc.Analytics.Alerts.Evaluation;

namespace ApiSvc.Analytics.Tests.Alerts;

public sealed class AlertTransitionTests
{
    // Rows are states, columns signals: clear, holds, held long enough, unknown, off.
    private static readonly string[] Table =
    [
        "Inactive | Inactive Pending Firing Inactive Inactive",
        "Pending  | Inactive Pending Firing Pending  Inactive",
        "Firing   | Resolved Firing  Firing Firing   Resolved",
        "Resolved | Resolved Pending Firing Resolved Resolved",
    ];

    [Fact]
    public void Next_OfEveryStateAndSignal_IsAsInTheTable()
    {
        foreach (var row in Table)
        {
            var words = row.Split([' ', '|'], StringSplitOptions.RemoveEmptyEntries);
            foreach (var (column, signal) in Enum.GetValues<AlertSignal>().Index())
            {
                AlertTransitions
                    .Next(Enum.Parse<AlertState>(words[0]), signal)
                    .ToString()
                    .ShouldBe(words[column + 1], $"{words[0]}, {signal}");
            }
        }
    }
}
