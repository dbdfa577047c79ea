using ApiSvc.Analytics.Queries;

namespace ApiSvc.Analytics.Calls;

/// <summary>Which calls are wanted, judged: writes the conditions on the columns of <c>call c</c>.</summary>
internal sealed class CallFilter
{
    private const int MostValues = 100;
    private const int LongestText = 512;

    private readonly List<(string Column, string[] Values)> _texts = [];
    private readonly List<(string Column, string[] Values)> _entries = [];
    private readonly List<(string Column, string Text)> _contained = [];
    private readonly CallFilterInput _input;
    private readonly DimensionFilters _dimensions;
    private Guid[] _traces = [];

    private CallFilter(QueryScope scope, CallFilterInput input, QueryCheck check)
    {
        Scope = scope;
        _input = input;
        _dimensions = DimensionFilters.Of(input, check);
    }

    public QueryScope Scope { get; }

    public Side Side => _input.Side;

    /// <summary>Whether a condition is on what only providers see.</summary>
    private bool IsProvidersOnly => _input.Node.Count + _input.UpstreamAddress.Count > 0;

    public static CallFilter Of(QueryScope scope, CallFilterInput input, QueryCheck check)
    {
        var filter = new CallFilter(scope, input, check);
        Texts(filter._texts, "client_address", "clientAddress", input.ClientAddress, check);
        Texts(filter._texts, "user_name", "user", input.User, check);
        Texts(filter._entries, "method_text", "method", input.Method, check);
        Texts(filter._entries, "host_text", "host", input.Host, check);
        Texts(
            filter._entries,
            "credential_prefix_text",
            "credentialPrefix",
            input.CredentialPrefix,
            check
        );
        Texts(filter._entries, "problem_text", "problemId", input.ProblemId, check);
        Texts(filter._entries, "refused_by_text", "refusedBy", input.RefusedBy, check);
        Texts(filter._entries, "node_text", "node", input.Node, check);
        Texts(
            filter._entries,
            "upstream_address_text",
            "upstreamAddress",
            input.UpstreamAddress,
            check
        );
        filter.Contained("path", "pathContains", input.PathContains, check);
        filter.Contained("query", "queryContains", input.QueryContains, check);
        filter.Contained("user_agent", "userAgentContains", input.UserAgentContains, check);
        filter.Numbers(check);
        filter.Traces(check);
        return filter;
    }

    /// <summary>Writes the conditions, each after <c>and</c>, for one side of a team's calls.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="side">Provider or consumer; of a consumer's, calls to its own APIs are left out.</param>
    public void Write(SqlText sql, Side side)
    {
        if (Scope.Team is { } team)
        {
            var parameter = sql.Parameter(team);
            sql.Append(
                side == Side.Provider
                    ? $" and c.provider_team = {parameter}"
                    : $" and c.consumer_team = {parameter}"
            );
            if (side == Side.Consumer && Side == Side.Both)
            {
                sql.Append($" and c.provider_team is distinct from {parameter}");
            }

            // What is not shown must not be found by asking for it either.
            if (side == Side.Consumer && IsProvidersOnly)
            {
                sql.Append($" and c.provider_team = {parameter}");
            }
        }

        WriteConditions(sql);
    }

    /// <summary>The sides to be read, one after the other or together.</summary>
    public IReadOnlyList<Side> Sides =>
        Scope.Team is null ? [Side.Both]
        : Side == Side.Both ? [Side.Provider, Side.Consumer]
        : [Side];

    private void WriteConditions(SqlText sql)
    {
        foreach (var (dimension, values) in _dimensions.Values)
        {
            sql.Append($" and {CountSql.FilterOn(dimension, sql.Parameter(values))}");
        }

        foreach (var (column, values) in _texts)
        {
            sql.Append($" and c.{column} = any({sql.Parameter(values)})");
        }

        foreach (var (column, values) in _entries)
        {
            sql.Append(
                $" and c.{column} in (select id from text_value where value = any({sql.Parameter(values)}))"
            );
        }

        foreach (var (column, text) in _contained)
        {
            var parameter = sql.Parameter(text);
            sql.Append(
                column == "user_agent"
                    ? $" and c.user_agent_text in (select id from text_value where position({parameter} in value) > 0)"
                    : $" and position({parameter} in c.{column}) > 0"
            );
        }

        WriteNumbers(sql);
    }

    private void WriteNumbers(SqlText sql)
    {
        if (_input.Status.Count > 0)
        {
            sql.Append($" and c.status = any({sql.Parameter(_input.Status.ToArray())})");
        }

        if (_input.MinLatencyUs is { } least)
        {
            sql.Append($" and c.latency_us >= {sql.Parameter(least)}");
        }

        if (_input.MaxLatencyUs is { } most)
        {
            sql.Append($" and c.latency_us <= {sql.Parameter(most)}");
        }

        if (_traces.Length > 0)
        {
            sql.Append($" and c.trace_id = any({sql.Parameter(_traces)})");
        }
    }

    private static void Texts(
        List<(string, string[])> into,
        string column,
        string name,
        IReadOnlyList<string> values,
        QueryCheck check
    )
    {
        if (values.Count == 0)
        {
            return;
        }

        if (values.Count > MostValues)
        {
            check.Add(name, "length", $"Give at most {MostValues} values.");
        }

        if (values.Any(v => !IsText(v)))
        {
            check.Add(name, "invalid", $"Give texts of 1 to {LongestText} characters.");
        }

        into.Add((column, [.. values]));
    }

    private void Contained(string column, string name, string text, QueryCheck check)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (!IsText(text))
        {
            check.Add(name, "invalid", $"Give a text of 1 to {LongestText} characters.");
        }

        _contained.Add((column, text));
    }

    private void Numbers(QueryCheck check)
    {
        if (_input.Status.Count > MostValues || _input.Status.Any(s => s is < 0 or > 999))
        {
            check.Add("status", "range", $"Give up to {MostValues} numbers from 0 to 999.");
        }

        if (_input.MinLatencyUs is < 0)
        {
            check.Add("minLatencyUs", "range", "Must not be negative.");
        }

        if (_input.MaxLatencyUs is { } most && most < (_input.MinLatencyUs ?? 0))
        {
            check.Add("maxLatencyUs", "range", "Must not be less than minLatencyUs, or than 0.");
        }
    }

    private void Traces(QueryCheck check)
    {
        if (
            _input.TraceId.Count > MostValues
            || _input.TraceId.Any(t => !Guid.TryParseExact(t, "N", out _))
        )
        {
            check.Add(
                "traceId",
                "invalid",
                $"Give up to {MostValues} ids of 32 hexadecimal digits."
            );
            return;
        }

        _traces = [.. _input.TraceId.Select(t => Guid.ParseExact(t, "N"))];
    }

    // Postgres has no text with U+0000.
    private static bool IsText(string text) =>
        text.Length is > 0 and <= LongestText && !text.Contains('\0', StringComparison.Ordinal);
}
