namespace ApiSvc.ServiceDefaults.Endpoints;

/// <summary>The names of the endpoints that every service listens on, as in <c>Kestrel:Endpoints:&lt;name&gt;:Url</c>.</summary>
public static class ServiceEndpoints
{
    /// <summary>REST, over HTTP/1.1.</summary>
    public const string Http = "http";

    /// <summary>gRPC, over HTTP/2 only.</summary>
    public const string Grpc = "grpc";

    /// <summary>Health, metrics, drain; stays inside.</summary>
    public const string Management = "management";

    internal const string Section = "Kestrel:Endpoints";
}
