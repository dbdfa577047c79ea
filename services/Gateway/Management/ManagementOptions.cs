using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Gateway.Management;

/// <summary>Where the services' management APIs are; section <c>Management</c>.</summary>
internal sealed class ManagementOptions : IValidatableObject
{
    public const string Section = "Management";

    /// <summary>By the service's name in the path: <c>catalog</c>, <c>identity</c>, <c>analytics</c>, <c>ai</c>.</summary>
    public IDictionary<string, ServiceAddresses> Services { get; } =
        new Dictionary<string, ServiceAddresses>(StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Services
            .SelectMany(s => new[] { (s.Key, "Rest", s.Value.Rest), (s.Key, "Grpc", s.Value.Grpc) })
            .Where(a =>
                a.Item3 is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https")
            )
            .Select(a => new ValidationResult(
                "Must be an absolute http or https address.",
                [$"{nameof(Services)}:{a.Key}:{a.Item2}"]
            ));
}

/// <param name="Rest">REST; its path is <c>/v1/…</c> there. Null: not reachable through the gateway.</param>
/// <param name="Grpc">gRPC, HTTP/2. Null: not reachable through the gateway.</param>
internal sealed record ServiceAddresses(Uri? Rest, Uri? Grpc)
{
    public ServiceAddresses()
        : this(null, null) { }
}
