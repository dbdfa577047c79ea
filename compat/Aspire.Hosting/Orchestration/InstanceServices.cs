using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Health;

namespace Aspire.Hosting.Orchestration;

/// <summary>What every replica needs of the application.</summary>
internal sealed record InstanceServices(
    IServiceProvider Provider,
    DistributedApplicationModel Model,
    DistributedApplicationExecutionContext Execution,
    ResourceNotificationService Notifications,
    ResourceLoggerService Logs,
    IDistributedApplicationEventing Eventing,
    HealthMonitor Health,
    LocalApplication Local
);
