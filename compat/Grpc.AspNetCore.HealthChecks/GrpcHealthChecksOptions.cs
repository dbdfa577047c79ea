namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Which health checks say how a gRPC service is.</summary>
public sealed class GrpcHealthChecksOptions
{
    /// <summary>At first one: the server as a whole, by all checks.</summary>
    public ServiceMappingCollection Services { get; } = [];

    /// <summary>Whether Check answers with the last published report instead of running the checks.</summary>
    public bool UseHealthChecksCache { get; set; }
}
