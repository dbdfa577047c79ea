namespace ApiSvc.Spool.Shipping;

/// <summary>What a batch says of itself beside its records: CloudEvents attributes.</summary>
/// <param name="Type">The full name of the message: <c>apisvc.call_records.v1.CallRecordBatch</c>.</param>
/// <param name="Source">The service, as a URI reference: <c>/apisvc/gateway</c>.</param>
public sealed record BatchMessage(string Type, string Source);
