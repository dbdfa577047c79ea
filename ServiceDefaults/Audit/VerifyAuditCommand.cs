using ApiSvc.ServiceDefaults.Commands;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Audit;

/// <summary><c>verify-audit</c>: checks the audit log's hash chain. Exit code 1 if it is broken.</summary>
internal sealed class VerifyAuditCommand(AuditChain chain) : IServiceCommand
{
    public string Name => "verify-audit";

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var found = await chain.VerifyAsync(cancellationToken);
            if (found.BrokenAt is null)
            {
                await Console.Out.WriteLineAsync(
                    $"The audit log is whole: {found.Entries} entries."
                );
                return 0;
            }

            await Console.Out.WriteLineAsync(
                $"The audit log is broken at position {found.BrokenAt}: {found.Reason}."
            );
            return 1;
        }
        catch (NpgsqlException e)
        {
            await Console.Error.WriteLineAsync($"The audit log cannot be read: {e.Message}");
            return ServiceCommandExtensions.CouldNotRun;
        }
    }
}
