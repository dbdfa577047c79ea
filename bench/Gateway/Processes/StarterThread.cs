using System.Collections.Concurrent;
using System.Diagnostics;

namespace ApiSvc.Bench.Gateway.Processes;

/// <summary>
/// Starts programs from one thread that lives as long as this process: the signal at a parent's death (prctl(2),
/// PR_SET_PDEATHSIG) is that of the thread which started the child.
/// </summary>
internal static class StarterThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static StarterThread()
    {
        var thread = new Thread(() =>
        {
            foreach (var action in Work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "starter",
        };
        thread.Start();
    }

    public static Process Start(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>();
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }
}
