using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Gateway.Sync;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.Spool;

namespace ApiSvc.Gateway.CallRecords;

/// <summary>Registers the recording of calls.</summary>
internal static class CallRecordExtensions
{
    private const string Topic = "apisvc.calls";

    /// <summary>Records every call in the spool.</summary>
    public static void AddCallRecords(this IHostApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<GatewayOptions>(GatewayOptions.Section);
        builder.Services.AddValidatedOptions<CallRecordOptions>(CallRecordOptions.Section);
        builder.AddSpool();
        builder.Services.AddSingleton<ICallRecorder, CallRecorder>();
    }

    /// <summary>Takes the records to Kafka.</summary>
    /// <param name="builder">The gateway.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    public static void AddCallRecordShipping(
        this IHostApplicationBuilder builder,
        string connectionName
    ) =>
        builder.AddSpoolShipping(
            connectionName,
            Topic,
            new(CallRecordBatch.Descriptor.FullName, "/apisvc/gateway")
        );
}
