using ApiSvc.Analytics.Rollups;

namespace ApiSvc.Analytics.Queries;

/// <summary>What is to be counted.</summary>
internal sealed record CallQuestion
{
    public required QueryScope Scope { get; init; }

    public required Side Side { get; init; }

    public required QueryRange Range { get; init; }

    /// <summary>Null: one number for the whole range.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Null: the total.</summary>
    public Dimension? By { get; init; }

    public required DimensionFilters Filters { get; init; }

    public required MeasureSet Measures { get; init; }

    private IEnumerable<Dimension> Dimensions =>
        By is { } by ? Filters.Values.Keys.Append(by) : Filters.Values.Keys;

    /// <summary>
    /// Where the numbers are: by operation only what is called is known, by subscription also who calls. What no family has
    /// is counted from the calls themselves.
    /// </summary>
    public IReadOnlyList<CallSource> Sources()
    {
        if (Dimensions.All(d => d is not (Dimension.Version or Dimension.Operation)))
        {
            return
            [
                NeedsCaller()
                    ? new(RollupFamily.Application, Side)
                    : new(RollupFamily.Api, Side.Provider)
                    {
                        Summary = Dimensions.Contains(Dimension.Api)
                            ? RollupFamily.Summary
                            : RollupFamily.Provider,
                    },
            ];
        }

        if (
            Dimensions.Any(d =>
                d is Dimension.Application or Dimension.Subscription or Dimension.Plan
            )
        )
        {
            return [new(null, Side)];
        }

        return (Scope.Team, Side) switch
        {
            (null, _) or (_, Side.Provider) => [new(RollupFamily.Api, Side.Provider)],
            (_, Side.Consumer) => [new(null, Side.Consumer)],
            _ =>
            [
                new(RollupFamily.Api, Side.Provider),
                // The calls to its own APIs are counted already.
                new(null, Side.Consumer) { OthersApisOnly = true },
            ],
        };
    }

    private bool NeedsCaller() =>
        (Scope.Team is not null && Side != Side.Provider)
        || Dimensions.Any(d =>
            d is Dimension.Application or Dimension.Subscription or Dimension.Plan
        );
}

/// <summary>A place to count from.</summary>
/// <param name="Family">The rollups; null: the calls themselves.</param>
/// <param name="Side">Which of a team's calls.</param>
internal sealed record CallSource(RollupFamily? Family, Side Side)
{
    /// <summary>Has the same numbers in fewer rows, since it is kept.</summary>
    public RollupFamily? Summary { get; init; }

    /// <summary>Leaves out calls of the team to itself.</summary>
    public bool OthersApisOnly { get; init; }
}
