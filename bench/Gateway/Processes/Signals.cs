using System.Runtime.InteropServices;

namespace ApiSvc.Bench.Gateway.Processes;

internal static partial class Signals
{
    private const int Term = 15;

    public static void Terminate(int process) => _ = Kill(process, Term);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
