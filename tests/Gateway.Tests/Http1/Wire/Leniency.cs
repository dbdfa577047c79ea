namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>How a careless server reads what can be read in two ways.</summary>
/// <param name="LastLength">Of several lengths it takes the last.</param>
/// <param name="LengthWins">A length counts more than a transfer coding.</param>
/// <param name="BareReturns">A carriage return alone ends a line.</param>
/// <param name="ExactCoding">Only exactly <c>chunked</c> is chunked; otherwise whatever has it in it.</param>
internal sealed record Leniency(
    bool LastLength = false,
    bool LengthWins = false,
    bool BareReturns = false,
    bool ExactCoding = false
)
{
    /// <summary>Every way.</summary>
    public static IReadOnlyList<Leniency> All { get; } =
    [
        .. from last in (bool[])[false, true]
        from wins in (bool[])[false, true]
        from bare in (bool[])[false, true]
        from exact in (bool[])[false, true]
        select new Leniency(last, wins, bare, exact),
    ];
}
