using ApiSvc.Bench.Gateway.Subjects;

namespace ApiSvc.Bench.Gateway.Load;

/// <summary>What takes a turn: a proxy and the calls that it gets.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Subject">The proxy.</param>
/// <param name="Address">Where it is called.</param>
/// <param name="RequestsFile">The calls, as <c>wrk.lua</c> reads them.</param>
internal sealed record Contender(string Name, Subject Subject, string Address, string RequestsFile)
{
    /// <summary>How long the body of each answer is.</summary>
    public int AnswerBytes { get; init; } = Upstream.AnswerBytes;

    /// <summary>How many connections call; null: as many as the run was asked for.</summary>
    public int? Connections { get; init; }
}
