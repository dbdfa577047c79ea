namespace ApiSvc.Gateway.Tests.Http1.Allocation;

/// <summary>What is allocated is counted for the whole process: no other test may run beside.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
