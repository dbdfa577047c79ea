using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Policies;
using ApiSvc.Gateway.Sync;
using ApiSvc.Spool.Wire;

namespace ApiSvc.Gateway.CallRecords;

/// <summary>
/// Writes a call as <c>apisvc.call_records.v1.CallRecord</c>, straight from what came over the wire. Texts are cut: what a
/// client sends does not decide how much is kept.
/// </summary>
internal sealed class CallRecordFormat
{
    /// <summary>No record is longer: all texts at their longest, and 512 bytes for the other fields and all tags.</summary>
    public const int MaxLength = (2 * LongText) + (8 * Text) + (5 * ShortText) + 512;

    private const int LongText = 2_048; // path, query
    private const int Text = 512; // user agent, host, operation and its template, user, address of the upstream, node, credential
    private const int ShortText = 128; // group, environment, client address, method, problem

    private readonly byte[] _place;
    private readonly QueryMask _mask;

    public CallRecordFormat(CallRecordOptions options, GatewayOptions gateway)
    {
        _mask = new(options.MaskedNames);
        var place = new ProtoWriter(new byte[Text + (2 * ShortText) + 16]);
        place.Text(CallRecord.NodeFieldNumber, gateway.Node, Text);
        place.Text(CallRecord.GatewayGroupFieldNumber, gateway.Environment, ShortText);
        place.Text(CallRecord.EnvironmentFieldNumber, gateway.Environment, ShortText);
        _place = place.Written.ToArray();
    }

    /// <returns>How long the record is.</returns>
    public int Write(Exchange exchange, Span<byte> room)
    {
        var record = new ProtoWriter(room);
        var measure = exchange.Measure;
        record.Id(CallRecord.CallIdFieldNumber, exchange.CallId);
        record.Number(
            CallRecord.StartUsFieldNumber,
            (ulong)(exchange.Now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
        );
        record.Number(CallRecord.StatusFieldNumber, (uint)measure.Status);
        record.Number(CallRecord.LatencyUsFieldNumber, measure.LatencyUs);
        record.Number(CallRecord.UpstreamUsFieldNumber, measure.UpstreamUs);
        record.Number(CallRecord.GatewayUsFieldNumber, measure.GatewayUs);
        record.Number(CallRecord.BytesInFieldNumber, (ulong)measure.BytesIn);
        record.Number(CallRecord.BytesOutFieldNumber, (ulong)measure.BytesOut);
        WriteApi(exchange, ref record);
        WriteCaller(exchange, ref record);
        record.Raw(_place);
        record.Number(
            CallRecord.ConfigGenerationFieldNumber,
            exchange.State.Configuration.Generation
        );
        WriteRequest(exchange, ref record);
        WriteResult(exchange, ref record);
        return record.Length;
    }

    private static void WriteApi(Exchange exchange, ref ProtoWriter record)
    {
        if (exchange.Api is { } api)
        {
            record.Id(CallRecord.ApiIdFieldNumber, api.ApiId);
            record.Id(CallRecord.VersionIdFieldNumber, api.VersionId);
            if (api.Source is { TeamId.Length: 16 } source)
            {
                record.Bytes(CallRecord.ProviderTeamIdFieldNumber, source.TeamId.Span);
            }
        }

        if (exchange.Operation is { } operation)
        {
            record.Id(CallRecord.OperationUuidFieldNumber, operation.Id);
            record.Text(CallRecord.OperationIdFieldNumber, operation.Name, Text);
            record.Text(CallRecord.OperationTemplateFieldNumber, operation.Template, Text);
        }
    }

    private static void WriteCaller(Exchange exchange, ref ProtoWriter record)
    {
        var caller = exchange.Caller;
        if (caller.ApplicationId != Guid.Empty)
        {
            record.Id(CallRecord.ApplicationIdFieldNumber, caller.ApplicationId);
            var application = exchange.State.Configuration.ApplicationOf(
                caller,
                exchange.Api?.ApiId ?? default
            );
            record.Id(CallRecord.ConsumerTeamIdFieldNumber, application?.TeamId ?? Guid.Empty);
        }

        if (exchange.Subscription is { } subscription)
        {
            record.Id(CallRecord.SubscriptionIdFieldNumber, subscription.Id);
            record.Id(CallRecord.PlanIdFieldNumber, subscription.PlanId);
        }

        record.Number(CallRecord.CredentialKindFieldNumber, (uint)KindOf(caller.Kind));
        record.Text(CallRecord.CredentialPrefixFieldNumber, caller.Credential, Text);
        record.Text(CallRecord.UserFieldNumber, caller.Subject, Text);
    }

    private void WriteRequest(Exchange exchange, ref ProtoWriter record)
    {
        var measure = exchange.Measure;
        var target = exchange.Target.Span;
        var mark = target.IndexOf((byte)'?');
        // A target that is no path is shown as it came.
        var path =
            !exchange.Path.IsEmpty ? exchange.Path.Span
            : mark < 0 ? target
            : target[..mark];
        record.Text(CallRecord.PathFieldNumber, path, LongText);
        Span<byte> address = stackalloc byte[64];
        if (exchange.ClientAddress.TryFormat(address, out var length))
        {
            record.Text(CallRecord.ClientAddressFieldNumber, address[..length], ShortText);
        }

        record.Number(CallRecord.ProtocolFieldNumber, (uint)measure.Protocol);
        record.Text(CallRecord.MethodFieldNumber, exchange.Method, ShortText);
        record.Text(CallRecord.HostFieldNumber, exchange.Host, Text);
        record.Text(CallRecord.UserAgentFieldNumber, measure.UserAgent.Span, Text);
        if (mark >= 0)
        {
            Span<byte> query = stackalloc byte[LongText];
            length = _mask.Write(
                target[(mark + 1)..],
                exchange.Chain.SecretParameters,
                exchange.Api is { } api ? api.Chain.SecretParameters : default,
                query
            );
            record.Text(CallRecord.QueryFieldNumber, query[..length], LongText);
        }
    }

    private static void WriteResult(Exchange exchange, ref ProtoWriter record)
    {
        var measure = exchange.Measure;
        record.Text(CallRecord.ProblemIdFieldNumber, exchange.Answer?.Problem?.Name, ShortText);
        if (measure.RefusedAt is { } stage)
        {
            record.Text(CallRecord.RefusedByFieldNumber, NameOf(stage), ShortText);
        }

        record.Text(CallRecord.UpstreamAddressFieldNumber, measure.UpstreamAddress, Text);
        record.Number(CallRecord.UpstreamTriesFieldNumber, (uint)measure.UpstreamTries);
        if (measure.TraceId != default)
        {
            Span<byte> trace = stackalloc byte[16];
            measure.TraceId.CopyTo(trace);
            record.Bytes(CallRecord.TraceIdFieldNumber, trace);
        }
    }

    private static CredentialKind KindOf(CallerKind kind) =>
        kind switch
        {
            CallerKind.ApiKey => CredentialKind.ApiKey,
            CallerKind.Token => CredentialKind.Jwt,
            _ => CredentialKind.Anonymous,
        };

    private static ReadOnlySpan<byte> NameOf(PolicyStage stage) =>
        stage switch
        {
            PolicyStage.Cors => "cors"u8,
            PolicyStage.Address => "address"u8,
            PolicyStage.AddressLimit => "address-limit"u8,
            PolicyStage.Authentication => "authentication"u8,
            PolicyStage.Subscription => "subscription"u8,
            PolicyStage.Scope => "scope"u8,
            PolicyStage.Limit => "limit"u8,
            PolicyStage.Quota => "quota"u8,
            PolicyStage.Shaping => "shaping"u8,
            PolicyStage.Lifecycle => "lifecycle"u8,
            _ => "other"u8,
        };
}
