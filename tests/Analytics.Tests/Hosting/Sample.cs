using System.Text;
using ApiSvc.Analytics.Records;
using ApiSvc.Contracts.CallRecords.V1;
using Google.Protobuf;

namespace ApiSvc.Analytics.Tests.Hosting;

/// <summary>Call records, as a gateway writes them.</summary>
internal static class Sample
{
    public static ByteString Bytes(Guid id) => ByteString.CopyFrom(id.ToByteArray(bigEndian: true));

    public static ulong Us(DateTimeOffset at) => (ulong)CallTimes.Microseconds(at);

    public static CallRecordBatch Batch(
        Guid spool,
        uint lane,
        long first,
        params IEnumerable<CallRecord> records
    ) =>
        new()
        {
            SpoolId = Bytes(spool),
            Lane = lane,
            FirstSequence = (ulong)first,
            Records = { records },
        };

    /// <summary>With a value in every field.</summary>
    public static CallRecord Full() =>
        new()
        {
            CallId = Bytes(Guid.CreateVersion7()),
            StartUs = Us(DateTimeOffset.UtcNow),
            Status = 429,
            LatencyUs = 4_000_000_000,
            UpstreamUs = 3_000_000_000,
            GatewayUs = 1500,
            BytesIn = 300,
            BytesOut = 1L << 40,
            ApiId = Bytes(Guid.CreateVersion7()),
            VersionId = Bytes(Guid.CreateVersion7()),
            OperationUuid = Bytes(Guid.CreateVersion7()),
            ApplicationId = Bytes(Guid.CreateVersion7()),
            SubscriptionId = Bytes(Guid.CreateVersion7()),
            Path = "/shop/orders/ünï",
            ClientAddress = "192.0.2.7",
            Node = "gateway-0",
            GatewayGroup = "production",
            Environment = "production",
            ConfigGeneration = 77,
            ProviderTeamId = Bytes(Guid.CreateVersion7()),
            ConsumerTeamId = Bytes(Guid.CreateVersion7()),
            PlanId = Bytes(Guid.CreateVersion7()),
            CredentialKind = CredentialKind.ApiKey,
            CredentialPrefix = "ak_live_abc",
            User = "user-1",
            Protocol = Protocol.Http2,
            Method = "GET",
            Host = "api.example",
            Query = "page=2&token=***",
            UserAgent = "curl/8.0",
            OperationId = "listOrders",
            OperationTemplate = "/orders/{id}",
            ProblemId = "rate-limited",
            RefusedBy = "rate-limit",
            UpstreamAddress = "10.0.0.1:8080",
            UpstreamTries = 2,
            CacheStatus = CacheStatus.Miss,
            TraceId = Bytes(Guid.CreateVersion7()),
            CapturedRequest = ByteString.CopyFrom(0, 1, 2),
            CapturedResponse = ByteString.CopyFrom(3, 4),
        };

    /// <summary>With some fields, and values of all lengths.</summary>
    public static CallRecord Random(Random random)
    {
        var record = Full();
        foreach (var field in CallRecord.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.FieldNumber > 2 && random.Next(3) == 0)
            {
                field.Accessor.Clear(record);
            }
        }

        record.LatencyUs = (uint)random.NextInt64(uint.MaxValue) >> random.Next(32);
        record.BytesIn = (ulong)random.NextInt64(1L << 50) >> random.Next(50);
        record.Status = (uint)random.Next(100, 600);
        record.Path = Text(random, 300);
        record.UserAgent = Text(random, 200);
        return record;
    }

    /// <summary>What the service keeps of a record, in words.</summary>
    public static string Describe(CallRecord r) =>
        string.Join(
            '\n',
            Id(r.CallId),
            r.StartUs,
            r.Status,
            r.LatencyUs,
            r.UpstreamUs,
            r.GatewayUs,
            r.BytesIn,
            r.BytesOut,
            r.ConfigGeneration,
            (int)r.CredentialKind,
            (int)r.Protocol,
            (int)r.CacheStatus,
            r.UpstreamTries,
            Id(r.ApiId),
            Id(r.VersionId),
            Id(r.OperationUuid),
            Id(r.ApplicationId),
            Id(r.SubscriptionId),
            Id(r.PlanId),
            Id(r.ProviderTeamId),
            Id(r.ConsumerTeamId),
            Id(r.TraceId),
            r.Node,
            r.GatewayGroup,
            r.Environment,
            r.CredentialPrefix,
            r.Method,
            r.Host,
            r.UserAgent,
            r.OperationId,
            r.OperationTemplate,
            r.ProblemId,
            r.RefusedBy,
            r.UpstreamAddress,
            r.Path,
            r.Query,
            r.ClientAddress,
            r.User,
            r.CapturedRequest.ToBase64(),
            r.CapturedResponse.ToBase64()
        );

    public static string Describe(ParsedCall c) =>
        string.Join(
            '\n',
            c.Id,
            c.StartUs,
            c.Status,
            c.LatencyUs,
            c.UpstreamUs,
            c.GatewayUs,
            c.BytesIn,
            c.BytesOut,
            c.ConfigGeneration,
            c.CredentialKind,
            c.Protocol,
            c.CacheStatus,
            c.UpstreamTries,
            c.ApiId,
            c.VersionId,
            c.OperationId,
            c.ApplicationId,
            c.SubscriptionId,
            c.PlanId,
            c.ProviderTeam,
            c.ConsumerTeam,
            c.TraceId,
            c.Node?.Value,
            c.GatewayGroup?.Value,
            c.Environment?.Value,
            c.CredentialPrefix?.Value,
            c.Method?.Value,
            c.Host?.Value,
            c.UserAgent?.Value,
            c.OperationName?.Value,
            c.OperationTemplate?.Value,
            c.Problem?.Value,
            c.RefusedBy?.Value,
            c.UpstreamAddress?.Value,
            Text(c.Path),
            Text(c.Query),
            Text(c.ClientAddress),
            Text(c.User),
            Convert.ToBase64String(c.CapturedRequest.Span),
            Convert.ToBase64String(c.CapturedResponse.Span)
        );

    private static Guid Id(ByteString bytes) =>
        bytes.IsEmpty ? Guid.Empty : new Guid(bytes.Span, bigEndian: true);

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    private static string Text(Random random, int longest)
    {
        var text = new StringBuilder("/");
        for (var length = random.Next(longest); length > 0; length--)
        {
            text.Append("abcdefgh/äß中😀"[random.Next(12)]);
        }

        // Half a surrogate pair is no text.
        return text.ToString().TrimEnd('\uD83D');
    }
}
