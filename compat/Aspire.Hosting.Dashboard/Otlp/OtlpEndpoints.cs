using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard.Wire;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>OTLP/HTTP with binary protobuf (OpenTelemetry Protocol Specification 1.x, section OTLP/HTTP).</summary>
internal static class OtlpEndpoints
{
    private const string MediaType = "application/x-protobuf";

    // google.rpc.Code
    private const int InvalidArgument = 3;

    public static void MapOtlp(this WebApplication app, TelemetryStore store)
    {
        app.MapPost("/v1/traces", context => TakeAsync(context, body => TakeTraces(body, store)));
        app.MapPost("/v1/metrics", context => TakeAsync(context, body => TakeMetrics(body, store)));
        app.MapPost("/v1/logs", context => TakeAsync(context, body => TakeLogs(body, store)));
    }

    private static ExportTraceServiceResponse TakeTraces(byte[] body, TelemetryStore store)
    {
        var rejected = store.Add(ExportTraceServiceRequest.Parser.ParseFrom(body));
        return rejected == 0
            ? new ExportTraceServiceResponse()
            : new()
            {
                PartialSuccess = new()
                {
                    RejectedSpans = rejected,
                    ErrorMessage =
                        "A span needs a trace id of 16 bytes and an id of 8, not all zero.",
                },
            };
    }

    private static ExportMetricsServiceResponse TakeMetrics(byte[] body, TelemetryStore store)
    {
        var rejected = store.Add(ExportMetricsServiceRequest.Parser.ParseFrom(body));
        return rejected == 0
            ? new ExportMetricsServiceResponse()
            : new()
            {
                PartialSuccess = new()
                {
                    RejectedDataPoints = rejected,
                    ErrorMessage =
                        "Gauges, sums and histograms with explicit bounds are understood.",
                },
            };
    }

    private static ExportLogsServiceResponse TakeLogs(byte[] body, TelemetryStore store)
    {
        store.Add(ExportLogsServiceRequest.Parser.ParseFrom(body));
        return new();
    }

    private static async Task TakeAsync(HttpContext context, Func<byte[], IMessage> take)
    {
        IMessage answer;
        try
        {
            answer = take(await OtlpBody.ReadAsync(context.Request));
        }
        catch (InvalidProtocolBufferException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            answer = new RpcStatus { Code = InvalidArgument, Message = "Not an OTLP export." };
        }
        catch (OtlpException e)
        {
            context.Response.StatusCode = e.Status;
            answer = new RpcStatus { Code = InvalidArgument, Message = e.Message };
        }

        context.Response.ContentType = MediaType;
        await context.Response.Body.WriteAsync(answer.ToByteArray(), context.RequestAborted);
    }
}
