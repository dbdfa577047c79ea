using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Executables;

/// <summary>Runs a program.</summary>
internal sealed class ExecutableServer(ExecutableResource executable) : ILocalServer
{
    public Task<ProcessPlan> PrepareAsync(LocalServerContext context)
    {
        var program =
            Programs.Find(executable.Command, executable.WorkingDirectory)
            ?? throw new DistributedApplicationException(
                $"The program '{executable.Command}' is not installed. Install the package that has it (apt-get install …), or correct the path."
            );
        if (!Directory.Exists(executable.WorkingDirectory))
        {
            throw new DistributedApplicationException(
                $"The working directory {executable.WorkingDirectory} does not exist."
            );
        }

        return Task.FromResult(new ProcessPlan(program, [], executable.WorkingDirectory));
    }
}
