using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Exchanges;

/// <summary>
/// What the gateway answers itself. Made once and shared where nothing in it depends on the call; header fields that do
/// are set on the exchange's response before.
/// </summary>
/// <param name="Status">The status.</param>
/// <param name="Problem">What the body says; null for a body that is empty.</param>
internal sealed record Answer(int Status, Problem? Problem)
{
    /// <summary>Done, with nothing to say (RFC 9110 section 15.3.5).</summary>
    public static Answer NoContent { get; } = new(204, Problem: null);

    public static implicit operator Answer(Problem problem) => problem.Answer;
}
