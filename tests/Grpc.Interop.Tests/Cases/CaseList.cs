using ApiSvc.Interop.Wire;

namespace ApiSvc.Interop.Cases;

/// <summary>The rows of the matrix.</summary>
internal static class CaseList
{
    // A megabyte of one letter is a few kilobytes when compressed.
    private const int Packed = 64 * 1024;

    public static IReadOnlyList<InteropCase> All { get; } =
    [
        new("unary"),
        new("client streaming"),
        new("server streaming"),
        new("duplex streaming"),
        new("metadata"),
        new("trailers"),
        new("two binary values of one name")
        {
            NotBetween = route =>
                route is { Client: "ours", Server: "grpcio" }
                    ? "HttpClient sends both in one field, as HTTP allows, and grpcio 1.51 does not split it"
                    : null,
        },
        new("status codes"),
        new("status message not in ASCII"),
        new("rich status"),
        new("unimplemented"),
        new("message of 10 MiB"),
        new("request over the limit"),
        new("reply over the limit"),
        new("gzip request")
        {
            OnTheWire = log =>
            {
                log.Compressed(Direction.ToServer).ShouldBeTrue();
                log.DataBytes(Direction.ToServer).ShouldBeLessThan(Packed);
            },
        },
        new("gzip reply")
        {
            NotBetween = route =>
                route.Server == "grpc-js" ? "grpc-js servers do not compress" : null,
            OnTheWire = log =>
            {
                log.Compressed(Direction.ToClient).ShouldBeTrue();
                log.DataBytes(Direction.ToClient).ShouldBeLessThan(Packed);
            },
        },
        new("deadline reaches the server"),
        new("deadline kept by the client")
        {
            // Nothing that the server says arrives: the client has only its own clock.
            Passes = (direction, frame) =>
                direction == Direction.ToServer
                || frame.Type is not (FrameType.Headers or FrameType.Data or FrameType.ResetStream),
        },
        new("deadline kept by the server")
        {
            // That the client gave up does not arrive: the server has only its own clock.
            Passes = (direction, frame) =>
                direction == Direction.ToClient
                || frame.Type is not (FrameType.ResetStream or FrameType.GoAway),
        },
        new("cancelled by the client"),
        new("cancelled by the server"),
        new("client killed")
        {
            Ending = Ending.ClientKilled,
            NotBetween = route => route.Client == "ours" ? "our client is no process" : null,
        },
        new("server killed")
        {
            Ending = Ending.ServerKilled,
            NotBetween = route => route.Server == "ours" ? "our server is no process" : null,
        },
        new("connection cut") { Ending = Ending.Cut },
        new("1000 streams on one connection")
        {
            OnTheWire = log =>
            {
                log.Connections.ShouldBe(1);
                log.PeakStreams.ShouldBe(1000);
            },
        },
        new("health check"),
        new("health watch"),
        new("reflection")
        {
            NotBetween = route =>
                route.Server == "grpcio" ? "grpcio has its reflection in a package apart" : null,
        },
    ];
}
