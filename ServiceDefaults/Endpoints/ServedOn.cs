namespace ApiSvc.ServiceDefaults.Endpoints;

/// <summary>Endpoint metadata: the named endpoints that answer for a route.</summary>
internal sealed record ServedOn(IReadOnlyList<string> Names);
