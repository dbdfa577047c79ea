using System.Globalization;
using System.Text.Json;

namespace ApiSvc.Bench.Ai;

/// <summary>Prints what was measured, and whether the aims were kept.</summary>
internal sealed class Report(bool isJson)
{
    private const double MostAddedMedian = 1;
    private const double MostAddedP99 = 5;
    private const double LeastRatio = 5;
    private const double MostMegabytes = 500;

    private readonly Dictionary<string, object> _all = [];
    private bool _missed;

    public void Latency(LatencyResult result)
    {
        _all["latency"] = result;
        Say(
            $"{result.Calls} calls at 200 a second: p50 {result.StraightMedian:0.00} ms straight, {result.ThroughMedian:0.00} through: {result.AddedMedian:0.00} added",
            result.AddedMedian < MostAddedMedian
        );
        Say(
            $"p99 {result.StraightP99:0.00} ms straight, {result.ThroughP99:0.00} through: {result.AddedP99:0.00} added",
            result.AddedP99 < MostAddedP99
        );
    }

    public void Cost(IReadOnlyDictionary<string, List<double>> results)
    {
        _all["calls_per_processor_second"] = results;
        var medians = new List<double>();
        foreach (var (name, rounds) in results)
        {
            var median = rounds.Order().ElementAt(rounds.Count / 2);
            medians.Add(median);
            Say(
                $"{name}: {median:n0} calls a processor second ({rounds.Min():n0} to {rounds.Max():n0})"
            );
        }

        Say($"ratio {medians[0] / medians[1]:0.0}", medians[0] / medians[1] >= LeastRatio);
    }

    public void Streams(StreamResult result)
    {
        _all["streams"] = result;
        Say(
            $"{result.Streams} slow streams: {result.Most:0} MB at most, {result.Before:0} before; {result.Cpu:0.0} s of processor time",
            result.Most < MostMegabytes
        );
    }

    /// <returns>The program's exit code.</returns>
    public int Finish()
    {
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { scenario = "ai", results = _all }));
        }

        return _missed ? 1 : 0;
    }

    private void Say(FormattableString text, bool? kept = null)
    {
        _missed |= kept is false;
        if (!isJson)
        {
            var verdict = kept switch
            {
                true => ": kept",
                false => ": MISSED",
                null => "",
            };
            Console.WriteLine(text.ToString(CultureInfo.InvariantCulture) + verdict);
        }
    }
}
