using ApiSvc.Bench.Ingest;
using ApiSvc.Bench.Processes;

// dotnet run -c Release --project bench/Ingest [calls=1000000] [rounds=3] [--json] [--keep] [--of=CONNECTION]
// How many calls a second go from Kafka into committed rows, indexes and rollups, and how long queries over them take.
// --keep leaves the server with the day of calls, and says how to connect; --of asks the queries of a day that was kept.
var options = BenchOptions.Read(args);
if (options.Of is { } kept)
{
    Report.Queries(await QueryRun.RunAsync(kept));
    return 0;
}

var report = new Report(options.Json);

using var postgres = PrivatePostgres.Start(options.Keep);

// As they come: one after the other in time, as many in a minute as are taken in.
var taken = new List<IngestRound>();
for (var round = 0; round < options.Rounds; round++)
{
    var spread = TimeSpan.FromSeconds(options.Calls / 20_000.0);
    var result = await IngestRun.RunAsync(postgres, options.Calls, spread);
    taken.Add(result);
    report.Round("live", result);
}

// A day of them, for queries.
var day = await IngestRun.RunAsync(
    postgres,
    options.Calls,
    TimeSpan.FromHours(24),
    buildsLevels: true
);
report.Round("day", day);
if (options.Keep)
{
    Console.WriteLine($"kept: {day.Database}");
}

report.Finish(taken, day, await QueryRun.RunAsync(day.Database));
return 0;
