namespace ApiSvc.Gateway.Tests.Http1.Differential;

/// <summary>What the two lanes do differently on purpose, each with its reason.</summary>
internal static class KnownDifferences
{
    public const string Version10 = "version 1.0";
    public const string RequestTrailers = "request trailers";
    public const string AnswerTrailers = "answer trailers";
    public const string AnswerUntilTheEnd = "answer until the end";

    public static void Ignore(GeneratedCall call, Observation first, Observation second)
    {
        if (call.Traits.Contains(RequestTrailers))
        {
            // Lane 2 drops them: its server keeps trailers from the application until the body is read.
            first.Ignore("request trailer x-sum");
        }

        if (call.Traits.Contains(AnswerTrailers))
        {
            // Lane 2's server sends no trailers over HTTP/1.1.
            first.Ignore("answer trailer x-sum");
        }
    }
}
