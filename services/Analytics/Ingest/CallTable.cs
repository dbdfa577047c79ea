using ApiSvc.Analytics.Records;
using ApiSvc.Analytics.Texts;

namespace ApiSvc.Analytics.Ingest;

/// <summary>A call as a row of the table <c>call</c>.</summary>
internal static class CallTable
{
    private const int Count = 42;

    // In the order in which Write writes them.
    public const string Copy = """
        copy call (id, started, lane_id, sequence, status, latency_us, upstream_us, gateway_us, bytes_in, bytes_out,
          config_generation, credential_kind, protocol, cache_status, upstream_tries, api_id, version_id, operation_id,
          application_id, subscription_id, plan_id, provider_team, consumer_team, trace_id, node_text, gateway_group_text,
          environment_text, credential_prefix_text, method_text, host_text, user_agent_text, operation_name_text,
          operation_template_text, problem_text, refused_by_text, upstream_address_text, path, query, client_address,
          user_name, captured_request, captured_response) from stdin (format binary)
        """;

    public static void Write(CopyBuffer row, ParsedCall call, int lane)
    {
        row.Row(Count);
        row.Uuid(call.Id);
        row.Time(call.StartUs);
        row.Int32(lane);
        row.Int64(call.Sequence);
        row.Int16(call.Status);
        row.Int64(call.LatencyUs);
        row.Int64(call.UpstreamUs);
        row.Int64(call.GatewayUs);
        row.Int64(call.BytesIn);
        row.Int64(call.BytesOut);
        row.Int64(call.ConfigGeneration);
        row.Int16(call.CredentialKind);
        row.Int16(call.Protocol);
        row.Int16(call.CacheStatus);
        row.Int32(call.UpstreamTries);
        WriteIds(row, call);
        WriteTexts(row, call);
        row.Bytes(call.Path.Span);
        row.BytesOrNull(call.Query.Span);
        row.BytesOrNull(call.ClientAddress.Span);
        row.BytesOrNull(call.User.Span);
        row.BytesOrNull(call.CapturedRequest.Span);
        row.BytesOrNull(call.CapturedResponse.Span);
    }

    private static void WriteIds(CopyBuffer row, ParsedCall call)
    {
        row.UuidOrNull(call.ApiId);
        row.UuidOrNull(call.VersionId);
        row.UuidOrNull(call.OperationId);
        row.UuidOrNull(call.ApplicationId);
        row.UuidOrNull(call.SubscriptionId);
        row.UuidOrNull(call.PlanId);
        row.UuidOrNull(call.ProviderTeam);
        row.UuidOrNull(call.ConsumerTeam);
        row.UuidOrNull(call.TraceId);
    }

    private static void WriteTexts(CopyBuffer row, ParsedCall call)
    {
        Write(row, call.Node);
        Write(row, call.GatewayGroup);
        Write(row, call.Environment);
        Write(row, call.CredentialPrefix);
        Write(row, call.Method);
        Write(row, call.Host);
        Write(row, call.UserAgent);
        Write(row, call.OperationName);
        Write(row, call.OperationTemplate);
        Write(row, call.Problem);
        Write(row, call.RefusedBy);
        Write(row, call.UpstreamAddress);
    }

    private static void Write(CopyBuffer row, TextEntry? text)
    {
        if (text is null)
        {
            row.Null();
        }
        else
        {
            row.Int32(text.Id);
        }
    }
}
