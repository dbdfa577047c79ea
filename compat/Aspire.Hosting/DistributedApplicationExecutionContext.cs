using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

/// <summary>What the application is made for.</summary>
/// <param name="operation">To run, or to be published.</param>
public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    /// <summary>To run, or to be published.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>Whether it is to be published.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>Whether it runs.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>The running application's dashboard.</summary>
    internal IDashboard Dashboard { get; set; } = new NoDashboard();
}

/// <summary>What an application is made for.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>To run.</summary>
    Run = 0,

    /// <summary>To be published.</summary>
    Publish = 1,
}
