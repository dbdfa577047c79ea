using System.Globalization;
using System.Text;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Processes;

namespace ApiSvc.Bench.Gateway.Measuring;

/// <summary>
/// Contenders take turns, each second round backwards, so that those who are compared are next to each other and none is
/// always first.
/// </summary>
internal sealed class Rounds(BenchOptions options, Progress progress)
{
    // What a proxy does after its last answer is its cost too, such as writing and shipping of records.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(300);

    public async Task<RoundsResult> RunAsync(
        string what,
        IReadOnlyList<Contender> contenders,
        Func<Contender, Task<LoadResult>> load,
        CancellationToken cancellationToken
    )
    {
        var turns = contenders.ToDictionary(c => c.Name, _ => new List<Turn>());
        for (var round = 0; round < options.Rounds; round++)
        {
            var said = new StringBuilder();
            foreach (var contender in round % 2 == 0 ? contenders : contenders.Reverse())
            {
                var before = ProcessTree.CpuOf(contender.Subject.Process.Id);
                var stolenBefore = ProcessTree.Stolen();
                var result = await load(contender);
                await Task.Delay(Settling, cancellationToken);
                var cpu = ProcessTree.CpuOf(contender.Subject.Process.Id) - before;
                var turn = new Turn(result, cpu, ProcessTree.Stolen() - stolenBefore);
                turns[contender.Name].Add(turn);
                said.Append(CultureInfo.InvariantCulture, $"; {contender.Name} {turn}");
            }

            progress.Say($"{what}: round {round + 1} of {options.Rounds}{said}");
        }

        return new(turns);
    }
}
