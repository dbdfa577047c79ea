using System.Collections.Concurrent;
using System.Diagnostics;

namespace Aspire.Hosting.Processes;

/// <summary>
/// Starts processes from one thread that lives as long as this process: the signal that a child asks for when its
/// parent dies comes when the thread that started it ends, not the process.
/// </summary>
internal static class ProcessSpawner
{
    private static readonly BlockingCollection<Action> Work = [];

    static ProcessSpawner() =>
        new Thread(Run) { IsBackground = true, Name = "Process spawner" }.Start();

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
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
        return started.Task;
    }

    private static void Run()
    {
        foreach (var work in Work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
