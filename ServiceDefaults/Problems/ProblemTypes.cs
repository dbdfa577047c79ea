namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>The names of problem types (RFC 9457 section 3.1.1), of the services' as of the gateway's.</summary>
public static class ProblemTypes
{
    /// <summary>What every type begins with; the problem's code follows. Programs compare it, nobody has to fetch it.</summary>
    public const string Prefix = "https://apisvc.dev/problems/";
}
