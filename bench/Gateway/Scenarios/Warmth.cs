namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>Tells when what compiles at run time has been called for long enough to be measured.</summary>
/// <param name="atLeast">So long in any case.</param>
/// <param name="atMost">Longer in no case, even if it still gets faster.</param>
internal sealed class Warmth(TimeSpan atLeast, TimeSpan atMost)
{
    // Compiled again with what was learnt of it, code gets a good deal faster; below this it is noise.
    private const double Gain = 0.05;

    // What is compiled anew comes late and all at once.
    private const int PiecesWithoutGain = 3;

    private double _best = double.MaxValue;
    private int _sinceBest;

    /// <summary>Whether some pieces on end, this the last of them, were hardly cheaper than the best before.</summary>
    /// <param name="took">How long it has been called by now.</param>
    /// <param name="cost">Processor time a call in this piece.</param>
    public bool IsReached(TimeSpan took, double cost)
    {
        _sinceBest = cost > _best * (1 - Gain) ? _sinceBest + 1 : 0;
        _best = Math.Min(_best, cost);
        return took >= atMost || (took >= atLeast && _sinceBest >= PiecesWithoutGain);
    }
}
