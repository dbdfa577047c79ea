using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.Analytics.Alerts.Rules;

namespace ApiSvc.Analytics.Tests.Alerts;

public sealed class AlertConditionTests
{
    private const int Series = 2000;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(nameof(AlertComparison.Above), 5.1, 5.0)]
    [InlineData(nameof(AlertComparison.AtLeast), 5.0, 4.9)]
    [InlineData(nameof(AlertComparison.Below), 4.9, 5.0)]
    [InlineData(nameof(AlertComparison.AtMost), 5.0, 5.1)]
    public void Advance_AroundTheThreshold_FiresOnItsSide(
        string comparison,
        double firing,
        double quiet
    )
    {
        var condition = new AlertCondition(
            Enum.Parse<AlertComparison>(comparison),
            5,
            TimeSpan.Zero,
            NoData.Ok
        );

        condition.Advance(new(), firing, Start, Guid.NewGuid).State.ShouldBe(AlertState.Firing);
        condition.Advance(new(), quiet, Start, Guid.NewGuid).State.ShouldBe(AlertState.Inactive);
    }

    [Fact]
    public void Advance_OverRandomSeries_IsAsTheModelSays()
    {
        var seen = new HashSet<AlertState>();
        for (var seed = 0; seed < Series; seed++)
        {
            var random = new Random(seed);
            var condition = new AlertCondition(
                (AlertComparison)random.Next(1, 5),
                random.Next(4),
                TimeSpan.FromMinutes(random.Next(5)),
                (NoData)random.Next(1, 4)
            );
            var points = Draw(random);
            var status = new AlertStatus();
            var ids = new List<Guid?>();
            for (var i = 0; i < points.Count; i++)
            {
                status = condition.Advance(status, points[i].Value, points[i].At, Guid.NewGuid);
                ids.Add(status.AlertId);

                var (state, episode, started, fired) = Model(condition, points[..(i + 1)]);
                var place = $"seed {seed}, point {i}: {condition}";
                status.State.ShouldBe(state, place);
                ids.Where(id => id is not null).Distinct().Count().ShouldBe(episode, place);
                if (state is AlertState.Pending or AlertState.Firing)
                {
                    status.StartedAt.ShouldBe(started, place);
                }

                if (state is AlertState.Firing or AlertState.Resolved)
                {
                    status.FiredAt.ShouldBe(fired, place);
                }

                status.EvaluatedTo.ShouldBe(points[i].At);
                seen.Add(state);
            }
        }

        seen.Count.ShouldBe(4);
    }

    [Fact]
    public void End_OfEveryState_IsInactiveOrResolvedForGood()
    {
        foreach (var state in Enum.GetValues<AlertState>())
        {
            var ended = AlertCondition.End(
                new AlertStatus { State = state, AlertId = Guid.NewGuid() },
                Start
            );

            ended.State.ShouldBe(
                state is AlertState.Firing or AlertState.Resolved
                    ? AlertState.Resolved
                    : AlertState.Inactive
            );
            AlertCondition.End(ended, Start.AddMinutes(1)).ShouldBe(ended);
        }
    }

    // What the words of the contract say, over the whole past instead of step by step: an episode is what lies between
    // points at which the condition does not hold, if it holds anywhere there.
    private static (
        AlertState State,
        int Episodes,
        DateTimeOffset? Started,
        DateTimeOffset? Fired
    ) Model(AlertCondition condition, IReadOnlyList<(DateTimeOffset At, double? Value)> past)
    {
        var episodes = new List<(DateTimeOffset Started, DateTimeOffset? Fired, bool IsOver)>();
        var from = 0;
        for (var i = 0; i <= past.Count; i++)
        {
            if (i < past.Count && Holds(condition, past[i].Value) is not false)
            {
                continue;
            }

            var holding = past.Take(i)
                .Skip(from)
                .Where(p => Holds(condition, p.Value) is true)
                .Select(p => p.At)
                .ToList();
            if (holding.Count > 0)
            {
                var fired = holding.Where(at => at - holding[0] >= condition.Hold).ToList();
                episodes.Add(
                    (holding[0], fired.Count > 0 ? fired[0] : null, IsOver: i < past.Count)
                );
            }

            from = i + 1;
        }

        if (episodes.Count == 0)
        {
            return (AlertState.Inactive, 0, null, null);
        }

        var last = episodes[^1];
        var state = (last.IsOver, last.Fired) switch
        {
            (true, null) => AlertState.Inactive,
            (true, _) => AlertState.Resolved,
            (false, null) => AlertState.Pending,
            _ => AlertState.Firing,
        };
        return (state, episodes.Count, last.Started, last.Fired);
    }

    private static bool? Holds(AlertCondition condition, double? value) =>
        (value, condition.NoData) switch
        {
            (null, NoData.Firing) => true,
            (null, NoData.Keep) => null,
            (null, _) => false,
            ({ } v, _) when condition.Comparison == AlertComparison.Above => v
                > condition.Threshold,
            ({ } v, _) when condition.Comparison == AlertComparison.AtLeast => v
                >= condition.Threshold,
            ({ } v, _) when condition.Comparison == AlertComparison.Below => v
                < condition.Threshold,
            ({ } v, _) => v <= condition.Threshold,
        };

    // Runs of values, gaps without a number, and minutes that nobody evaluated.
    private static List<(DateTimeOffset At, double? Value)> Draw(Random random)
    {
        var points = new List<(DateTimeOffset, double?)>();
        var at = Start;
        double? value = random.Next(5);
        for (var count = random.Next(1, 40); count > 0; count--)
        {
            at = at.AddMinutes(random.Next(8) == 0 ? random.Next(1, 6) : 1);
            value =
                random.Next(3) == 0 ? value
                : random.Next(5) == 0 ? null
                : random.Next(5);
            points.Add((at, value));
        }

        return points;
    }
}
