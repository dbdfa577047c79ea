using ApiSvc.ServiceDefaults.Commands;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>
/// <c>verify-audit</c>: checks the audit log's hash chain, with <c>--Audit:Anchor=POSITION:HASH</c> against an entry that was
/// published. Exit code 1 if it is broken.
/// </summary>
internal sealed class VerifyAuditCommand(AuditChain chain, IOptions<AuditOptions> options)
    : IServiceCommand
{
    public string Name => "verify-audit";

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var anchor = ReadAnchor();
            var found = await chain.VerifyAsync(anchor, cancellationToken);
            if (found.BrokenAt is null)
            {
                await Console.Out.WriteLineAsync(
                    $"The audit log is whole: {found.Entries} entries, {(anchor is null ? "held against itself alone" : $"among them the one that was published as {anchor}")}. The last one: {found.Last?.ToString() ?? "none"}"
                );
                return 0;
            }

            await Console.Out.WriteLineAsync(
                $"The audit log is broken at position {found.BrokenAt}: {found.Reason}."
            );
            return 1;
        }
        catch (OptionsValidationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ServiceCommandExtensions.CouldNotRun;
        }
        catch (NpgsqlException e)
        {
            await Console.Error.WriteLineAsync($"The audit log cannot be read: {e.Message}");
            return ServiceCommandExtensions.CouldNotRun;
        }
    }

    private AuditAnchor? ReadAnchor() =>
        options.Value.Anchor is { Length: > 0 } text && AuditAnchor.TryParse(text, out var anchor)
            ? anchor
            : null;
}
