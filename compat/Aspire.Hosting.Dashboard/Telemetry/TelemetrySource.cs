namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>Who sent it.</summary>
/// <param name="Service">Its <c>service.name</c>.</param>
/// <param name="Instance">Its <c>service.instance.id</c>, or nothing.</param>
internal sealed record TelemetrySource(string Service, string Instance);

/// <summary>What a sender says of a span, a point or a record.</summary>
internal sealed record TelemetryAttribute(string Key, string Value);
