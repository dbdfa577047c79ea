using System.Diagnostics.Metrics;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Analytics.Audit;

/// <summary>What operators have to know of the audit trail.</summary>
internal sealed class AuditMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _conflicts = meters
        .Create(ServiceMeter.Name)
        .CreateCounter<long>(
            "audit.conflicts",
            "{entry}",
            "Entries that came for a place in a service's chain where another one is: a log was rewritten."
        );

    public void Conflict(string service) =>
        _conflicts.Add(1, KeyValuePair.Create<string, object?>("service", service));
}
