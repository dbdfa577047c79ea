using System.ComponentModel;
using ApiSvc.Analytics.Queries;

namespace ApiSvc.Analytics.Calls;

/// <summary>Which calls are wanted. Of each list one of the values must match.</summary>
internal record CallFilterInput : RangeInput
{
    public IReadOnlyList<int> Status { get; init; } = [];

    [Description("Text in the path; capitals matter.")]
    public string PathContains { get; init; } = "";

    [Description("Text in the query, as it was masked.")]
    public string QueryContains { get; init; } = "";

    public string UserAgentContains { get; init; } = "";

    public IReadOnlyList<string> Method { get; init; } = [];

    public IReadOnlyList<string> Host { get; init; } = [];

    public IReadOnlyList<string> ClientAddress { get; init; } = [];

    public IReadOnlyList<string> User { get; init; } = [];

    public IReadOnlyList<string> CredentialPrefix { get; init; } = [];

    public IReadOnlyList<string> ProblemId { get; init; } = [];

    public IReadOnlyList<string> RefusedBy { get; init; } = [];

    [Description("The gateway's node; only calls to the team's own APIs have it.")]
    public IReadOnlyList<string> Node { get; init; } = [];

    [Description("Only calls to the team's own APIs have it.")]
    public IReadOnlyList<string> UpstreamAddress { get; init; } = [];

    [Description("32 hexadecimal digits.")]
    public IReadOnlyList<string> TraceId { get; init; } = [];

    [Description("Microseconds.")]
    public long? MinLatencyUs { get; init; }

    [Description("Microseconds.")]
    public long? MaxLatencyUs { get; init; }
}

/// <summary>Which calls are wanted, in what form.</summary>
internal sealed record ExportInput : CallFilterInput
{
    public ExportFormat Format { get; init; } = ExportFormat.Ndjson;
}

/// <summary>Forms of an export.</summary>
internal enum ExportFormat
{
    /// <summary>A JSON object a line.</summary>
    Ndjson,

    /// <summary>RFC 4180, with a line of names.</summary>
    Csv,
}
