using System.Globalization;
using ApiSvc.Bench.Ingest;

// dotnet run -c Release --project bench/Ingest [calls=1000000] [rounds=3] [--json]
// How many calls a second go from Kafka into committed rows, indexes and rollups, and how long queries over them take.
var numbers = args.Where(a => !a.StartsWith('-'))
    .Select(a => int.Parse(a, CultureInfo.InvariantCulture))
    .ToList();
var calls = numbers.ElementAtOrDefault(0) is > 0 and var given ? given : 1_000_000;
var rounds = numbers.ElementAtOrDefault(1) is > 0 and var wanted ? wanted : 3;
var json = args.Contains("--json");

using var postgres = PrivatePostgres.Start();
var report = new Report(json);

// As they come: one after the other in time, as many in a minute as are taken in.
var taken = new List<IngestRound>();
for (var round = 0; round < rounds; round++)
{
    var result = await IngestRun.RunAsync(postgres, calls, TimeSpan.FromSeconds(calls / 20_000.0));
    taken.Add(result);
    report.Round(result);
}

// A day of them, for queries.
var day = await IngestRun.RunAsync(postgres, calls, TimeSpan.FromHours(24), buildsLevels: true);
report.Round(day);
var queries = await QueryRun.RunAsync(day.Database);
report.Finish(taken, day, queries);
return 0;
