using System.Globalization;
using System.Text.Json;

namespace ApiSvc.Bench.Tokens;

/// <summary>Prints medians and ranges.</summary>
internal static class Report
{
    /// <returns>Whether the first subject keeps the floor.</returns>
    public static bool Write(
        IReadOnlyDictionary<TokenSubject, List<TokenRound>> results,
        double floor,
        bool isJson
    )
    {
        if (isJson)
        {
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        scenario = "tokens",
                        rounds = results.Values.First().Count,
                        subjects = results.ToDictionary(
                            r => r.Key.What,
                            r => new
                            {
                                rps = Median(r.Value, t => t.PerSecond),
                                per_processor_second = Median(r.Value, t => t.PerProcessorSecond),
                            }
                        ),
                    }
                )
            );
        }
        else
        {
            Console.WriteLine(
                "| who | tokens a second | a processor second of Identity | and Postgres (range) |"
            );
            Console.WriteLine("| --- | ---: | ---: | ---: |");
            foreach (var (subject, rounds) in results)
            {
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {subject.What} | {Median(rounds, t => t.PerSecond):n0} | {Median(rounds, t => t.PerIdentitySecond):n0} | {Median(rounds, t => t.PerProcessorSecond):n0} ({rounds.Min(t => t.PerProcessorSecond):n0} to {rounds.Max(t => t.PerProcessorSecond):n0}) |"
                    )
                );
            }
        }

        return Median(results.Values.First(), t => t.PerProcessorSecond) >= floor;
    }

    private static double Median(List<TokenRound> rounds, Func<TokenRound, double> number) =>
        rounds.Select(number).Order().ElementAt(rounds.Count / 2);
}
