using Npgsql;

namespace ApiSvc.Analytics.Calls;

/// <summary>A row of the table <c>call</c>, its texts still numbers.</summary>
internal sealed record CallRow
{
    // In the order in which Read reads them.
    public const string Columns = """
        c.id, c.started, c.status, c.latency_us, c.upstream_us, c.gateway_us, c.bytes_in, c.bytes_out, c.config_generation,
        c.credential_kind, c.protocol, c.cache_status, c.upstream_tries, c.api_id, c.version_id, c.operation_id,
        c.application_id, c.subscription_id, c.plan_id, c.provider_team, c.consumer_team, c.trace_id, c.path, c.query,
        c.client_address, c.user_name, c.node_text, c.gateway_group_text, c.environment_text, c.credential_prefix_text,
        c.method_text, c.host_text, c.user_agent_text, c.operation_name_text, c.operation_template_text, c.problem_text,
        c.refused_by_text, c.upstream_address_text
        """;

    private const int FirstText = 26;

    public required Guid Id { get; init; }

    public required DateTime Started { get; init; }

    public required int Status { get; init; }

    public required long LatencyUs { get; init; }

    public required long UpstreamUs { get; init; }

    public required long GatewayUs { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    public required long ConfigGeneration { get; init; }

    public required short CredentialKind { get; init; }

    public required short Protocol { get; init; }

    public required short CacheStatus { get; init; }

    public required int UpstreamTries { get; init; }

    public Guid? ApiId { get; init; }

    public Guid? VersionId { get; init; }

    public Guid? OperationId { get; init; }

    public Guid? ApplicationId { get; init; }

    public Guid? SubscriptionId { get; init; }

    public Guid? PlanId { get; init; }

    public Guid? ProviderTeam { get; init; }

    public Guid? ConsumerTeam { get; init; }

    public Guid? TraceId { get; init; }

    public required string Path { get; init; }

    public string? Query { get; init; }

    public string? ClientAddress { get; init; }

    public string? User { get; init; }

    /// <summary>By <see cref="CallText"/>; 0 where there is none.</summary>
    public required IReadOnlyList<int> Texts { get; init; }

    public static CallRow Read(NpgsqlDataReader row)
    {
        return new()
        {
            Id = row.GetGuid(0),
            Started = row.GetDateTime(1),
            Status = row.GetInt16(2),
            LatencyUs = row.GetInt64(3),
            UpstreamUs = row.GetInt64(4),
            GatewayUs = row.GetInt64(5),
            BytesIn = row.GetInt64(6),
            BytesOut = row.GetInt64(7),
            ConfigGeneration = row.GetInt64(8),
            CredentialKind = row.GetInt16(9),
            Protocol = row.GetInt16(10),
            CacheStatus = row.GetInt16(11),
            UpstreamTries = row.GetInt32(12),
            ApiId = Id(13),
            VersionId = Id(14),
            OperationId = Id(15),
            ApplicationId = Id(16),
            SubscriptionId = Id(17),
            PlanId = Id(18),
            ProviderTeam = Id(19),
            ConsumerTeam = Id(20),
            TraceId = Id(21),
            Path = row.GetString(22),
            Query = Text(23),
            ClientAddress = Text(24),
            User = Text(25),
            Texts =
            [
                .. Enumerable
                    .Range(FirstText, Enum.GetValues<CallText>().Length)
                    .Select(i => row.IsDBNull(i) ? 0 : row.GetInt32(i)),
            ],
        };

        Guid? Id(int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }
}

/// <summary>The texts of a call that are in the dictionary, in the order of the columns.</summary>
internal enum CallText
{
    Node,
    GatewayGroup,
    Environment,
    CredentialPrefix,
    Method,
    Host,
    UserAgent,
    OperationName,
    OperationTemplate,
    Problem,
    RefusedBy,
    UpstreamAddress,
}
