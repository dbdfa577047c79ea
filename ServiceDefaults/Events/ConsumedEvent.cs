namespace ApiSvc.ServiceDefaults.Events;

/// <summary>An event as it came from Kafka.</summary>
/// <param name="Type">Its CloudEvents type, such as <c>apisvc.events.v1.TeamChanged</c>; null where it has none.</param>
/// <param name="Data">The serialised message.</param>
public sealed record ConsumedEvent(string? Type, ReadOnlyMemory<byte> Data);
