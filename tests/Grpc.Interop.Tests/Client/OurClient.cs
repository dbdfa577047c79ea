using ApiSvc.Interop.Peers;

namespace ApiSvc.Interop.Client;

/// <summary>Our client: the cases by name. The peers have the same ones.</summary>
internal sealed class OurClient : IClient
{
    private static readonly Dictionary<string, Func<CaseTarget, Task>> Cases = new()
    {
        ["unary"] = CallCases.UnaryAsync,
        ["client streaming"] = CallCases.ClientStreamingAsync,
        ["server streaming"] = CallCases.ServerStreamingAsync,
        ["duplex streaming"] = CallCases.DuplexStreamingAsync,
        ["1000 streams on one connection"] = CallCases.ThousandStreamsAsync,
        ["deadline reaches the server"] = EndingCases.DeadlineReachesServerAsync,
        ["deadline kept by the client"] = EndingCases.DeadlineKeptByClientAsync,
        ["deadline kept by the server"] = EndingCases.DeadlineKeptByServerAsync,
        ["cancelled by the client"] = EndingCases.CancelledByClientAsync,
        ["cancelled by the server"] = EndingCases.CancelledByServerAsync,
        ["server killed"] = EndingCases.ServerGoneAsync,
        ["metadata"] = MetadataCases.MetadataAsync,
        ["trailers"] = MetadataCases.TrailersAsync,
        ["two binary values of one name"] = MetadataCases.TwoBinaryValuesAsync,
        ["status codes"] = StatusCases.StatusCodesAsync,
        ["status message not in ASCII"] = StatusCases.StatusMessageAsync,
        ["rich status"] = StatusCases.RichStatusAsync,
        ["unimplemented"] = StatusCases.UnimplementedAsync,
        ["message of 10 MiB"] = SizeCases.LargeMessageAsync,
        ["request over the limit"] = SizeCases.RequestOverLimitAsync,
        ["reply over the limit"] = SizeCases.ReplyOverLimitAsync,
        ["gzip request"] = SizeCases.GzipRequestAsync,
        ["gzip reply"] = SizeCases.GzipReplyAsync,
        ["reflection"] = ServiceCases.ReflectionAsync,
        ["health check"] = ServiceCases.HealthCheckAsync,
        ["health watch"] = ServiceCases.HealthWatchAsync,
    };

    public Task RunAsync(string name, CaseTarget target) => Cases[name](target);

    public void Kill() => throw new NotSupportedException("It lives in this process.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
