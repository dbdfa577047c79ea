using ApiSvc.AiAdapter.Outcomes;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AiAdapter.Money;

/// <summary>A row of the table <c>budget</c>.</summary>
internal sealed record BudgetRow : ITeamRow
{
    public static readonly TeamTable<BudgetRow> Table = new(
        "budget",
        "name",
        "scope",
        "target",
        "unit",
        "currency",
        "window_kind",
        "hard",
        "soft",
        "disabled"
    );

    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public string Name { get; init; } = "";

    /// <summary>A name of <see cref="BudgetScope"/>.</summary>
    public string Scope { get; init; } = "";

    public string Target { get; init; } = "";

    /// <summary>A name of <see cref="BudgetUnit"/>.</summary>
    public string Unit { get; init; } = "";

    public string? Currency { get; init; }

    /// <summary>A name of <see cref="BudgetWindow"/>.</summary>
    public string WindowKind { get; init; } = "";

    public long? Hard { get; init; }

    public long? Soft { get; init; }

    public bool Disabled { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string PublicId => new Id<BudgetKind>(Id).ToString();

    object ITeamRow.Parameters => this;

    object ITeamRow.Document => ToDocument();

    public BudgetRow With(BudgetInput input) =>
        this with
        {
            Name = input.Name,
            Scope = input.Scope.ToString(),
            Target = input.TargetText,
            Unit = input.Unit.ToString(),
            Currency = input.Currency,
            WindowKind = input.Window.ToString(),
            Hard = input.Hard,
            Soft = input.Soft,
            Disabled = input.Disabled,
        };

    public BudgetDocument ToDocument() =>
        new(
            new(Id),
            new(TeamId),
            Name,
            Stored.Word<BudgetScope>(Scope),
            PublicTarget,
            Stored.Word<BudgetUnit>(Unit),
            Currency,
            Stored.Word<BudgetWindow>(WindowKind),
            Hard,
            Soft,
            Disabled,
            CreatedAt
        );

    private string? PublicTarget =>
        (Stored.Word<BudgetScope>(Scope), Guid.TryParse(Target, out var id)) switch
        {
            (BudgetScope.Team, _) => null,
            (BudgetScope.Api, true) => new Id<ApiKind>(id).ToString(),
            (BudgetScope.ConsumerTeam, true) => new Id<TeamKind>(id).ToString(),
            (BudgetScope.Application, true) => new Id<ApplicationKind>(id).ToString(),
            _ => Target,
        };
}

/// <summary>A cap on tokens or money. A word that this build does not know is null, and nothing is counted then.</summary>
internal record BudgetDocument(
    Id<BudgetKind> Id,
    Id<TeamKind> TeamId,
    string Name,
    BudgetScope? Scope,
    string? Target,
    BudgetUnit? Unit,
    string? Currency,
    BudgetWindow? Window,
    long? Hard,
    long? Soft,
    bool Disabled,
    DateTimeOffset CreatedAt
);
