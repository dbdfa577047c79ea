using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ApiSvc.Analytics.Calls;

/// <summary>An answer of many calls, written as they are read.</summary>
internal sealed class CallExport(IAsyncEnumerable<CallDocument> calls, ExportFormat format)
    : IResult
{
    private const int FlushAt = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var token = httpContext.RequestAborted;
        var isCsv = format == ExportFormat.Csv;
        response.ContentType = isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = isCsv
            ? "attachment; filename=\"calls.csv\""
            : "attachment; filename=\"calls.ndjson\"";
        var text = new StringBuilder();
        if (isCsv)
        {
            text.Append(CallCsv.Head);
        }

        await foreach (var call in calls.WithCancellation(token))
        {
            if (isCsv)
            {
                CallCsv.Write(text, call);
            }
            else
            {
                text.Append(JsonSerializer.Serialize(call, CallJson.Options)).Append('\n');
            }

            if (text.Length > FlushAt)
            {
                await response.WriteAsync(text.ToString(), token);
                text.Clear();
            }
        }

        await response.WriteAsync(text.ToString(), token);
    }
}

/// <summary>Calls as lines of CSV (RFC 4180).</summary>
internal static class CallCsv
{
    private static readonly (string Name, Func<CallDocument, object?> Value)[] Columns =
    [
        ("id", c => c.Id),
        ("start", c => c.Start.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
        ("providerTeamId", c => c.ProviderTeamId),
        ("apiId", c => c.ApiId),
        ("versionId", c => c.VersionId),
        ("operationId", c => c.OperationId),
        ("operation", c => c.Operation),
        ("operationTemplate", c => c.OperationTemplate),
        ("environment", c => c.Environment),
        ("consumerTeamId", c => c.ConsumerTeamId),
        ("applicationId", c => c.ApplicationId),
        ("subscriptionId", c => c.SubscriptionId),
        ("planId", c => c.PlanId),
        ("credentialKind", c => c.CredentialKind),
        ("credentialPrefix", c => c.CredentialPrefix),
        ("user", c => c.User),
        ("protocol", c => c.Protocol),
        ("method", c => c.Method),
        ("host", c => c.Host),
        ("path", c => c.Path),
        ("query", c => c.Query),
        ("userAgent", c => c.UserAgent),
        ("clientAddress", c => c.ClientAddress),
        ("status", c => c.Status),
        ("problemId", c => c.ProblemId),
        ("refusedBy", c => c.RefusedBy),
        ("latencyUs", c => c.LatencyUs),
        ("upstreamUs", c => c.UpstreamUs),
        ("gatewayUs", c => c.GatewayUs),
        ("bytesIn", c => c.BytesIn),
        ("bytesOut", c => c.BytesOut),
        ("cacheStatus", c => c.CacheStatus),
        ("upstreamTries", c => c.UpstreamTries),
        ("traceId", c => c.TraceId),
        ("configGeneration", c => c.ConfigGeneration),
        ("upstreamAddress", c => c.UpstreamAddress),
        ("node", c => c.Node),
        ("gatewayGroup", c => c.GatewayGroup),
    ];

    public static string Head { get; } = string.Join(',', Columns.Select(c => c.Name)) + "\r\n";

    public static void Write(StringBuilder text, CallDocument call)
    {
        foreach (var (index, column) in Columns.Index())
        {
            text.Append(index == 0 ? "" : ",");
            var value = column.Value(call);
            text.Append(
                value is string words
                    ? Field(words)
                    : Convert.ToString(value, CultureInfo.InvariantCulture)
            );
        }

        text.Append("\r\n");
    }

    // Spreadsheets run what begins so, and clients choose what is in paths and user agents: an apostrophe makes it text.
    private static string Field(string value)
    {
        var safe = value is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + value : value;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0
            ? safe
            : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
