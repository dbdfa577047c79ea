using System.Diagnostics;

namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>An entry as it was when it was added, before it has its place in the chain.</summary>
internal sealed record AuditDraft(AuditEntry Entry, string? Before, string? After, string? TraceId)
{
    public static AuditDraft Of(AuditEntry entry) =>
        new(
            entry with
            {
                Before = null,
                After = null,
            },
            AuditJson.Write(entry.Before),
            AuditJson.Write(entry.After),
            Activity.Current?.TraceId.ToHexString()
        );
}
