using ApiSvc.Bench.Processes;
using ApiSvc.Bench.Tokens;

// dotnet run -c Release --project bench/Tokens [rounds=5] [seconds=5] [--json]
// How many access tokens clients get for themselves in a second of processor time, of Identity and of Postgres.
// Ends with 1 if a client of an application gets fewer than 500 by ES256.
const double Floor = 500;

var numbers = args.Where(a => !a.StartsWith('-'))
    .Select(a => int.Parse(a, System.Globalization.CultureInfo.InvariantCulture))
    .ToList();
var rounds = numbers.Count > 0 ? numbers[0] : 5;
var length = TimeSpan.FromSeconds(numbers.Count > 1 ? numbers[1] : 5);

using var postgres = PrivatePostgres.Start(keep: false);
await using var issuer = await Issuer.StartAsync(postgres);
var subjects = await issuer.SubjectsAsync();
var results = subjects.ToDictionary(s => s, _ => new List<TokenRound>());
foreach (var subject in subjects)
{
    // Until the runtime has compiled what is called often.
    await issuer.RunAsync(subject, length);
    await issuer.RunAsync(subject, length);
}

for (var round = 0; round < rounds; round++)
{
    foreach (var subject in round % 2 == 0 ? subjects : [.. subjects.Reverse()])
    {
        results[subject].Add(await issuer.RunAsync(subject, length));
    }
}

return Report.Write(results, Floor, args.Contains("--json")) ? 0 : 1;
