using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.CallRecords;

/// <summary>Keeps a record of every call.</summary>
internal interface ICallRecorder
{
    /// <summary>An id for a call: a UUIDv7.</summary>
    Guid NewId(DateTimeOffset now);

    /// <summary>Records a call. When it returns, killing the process does not lose the record.</summary>
    void Record(Exchange exchange);
}
