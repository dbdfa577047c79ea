using ApiSvc.Gateway.Http1.Wire;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Http1;

/// <summary>What is answered to a request whose head is not taken.</summary>
internal static class HeadProblems
{
    private static readonly Problem RequestLine = Bad(
        "The request line is not a method, a target and HTTP/1.1 with one space between them."
    );

    private static readonly Problem Line = Bad("A line of the head does not end with CRLF.");

    private static readonly Problem FieldName = Bad(
        "A line of the head is not a field's name that a colon follows at once."
    );

    private static readonly Problem FieldValue = Bad(
        "The value of a field has a control character or does not end with CRLF."
    );

    private static readonly Problem Host = Bad(
        "There must be exactly one Host, and it must name a host, with a port or without."
    );

    private static readonly Problem Method = new(
        501,
        "not-implemented",
        "Not implemented",
        "The gateway makes no tunnels: CONNECT is not served."
    );

    private static readonly Problem Coding = new(
        501,
        "not-implemented",
        "Not implemented",
        "The only transfer coding that is served is chunked."
    );

    private static readonly Problem TargetTooLong = new(
        414,
        "target-too-long",
        "Target too long",
        "The request's target is longer than is taken."
    );

    private static readonly Problem HeadTooLong = new(
        431,
        "head-too-large",
        "Head too large",
        "The request's fields are more, or longer, than is taken."
    );

    private static readonly Problem Expectation = new(
        417,
        "expectation-failed",
        "Expectation failed",
        "The only expectation that is met is 100-continue."
    );

    private static readonly Problem Version = new(
        505,
        "version-not-supported",
        "HTTP version not supported",
        "On a connection of this kind HTTP/1.1 and HTTP/1.0 are spoken."
    );

    public static Problem? Of(HeadFault fault) =>
        fault switch
        {
            HeadFault.None => null,
            HeadFault.BadRequestLine => RequestLine,
            HeadFault.BadMethod => Method,
            HeadFault.BadTarget => GatewayProblems.BadTarget,
            HeadFault.TargetTooLong => TargetTooLong,
            HeadFault.BadVersion => Version,
            HeadFault.BadLine => Line,
            HeadFault.BadFieldName => FieldName,
            HeadFault.BadFieldValue => FieldValue,
            HeadFault.TooManyLines or HeadFault.TooLong => HeadTooLong,
            HeadFault.BadHost => Host,
            HeadFault.BadCoding => Coding,
            HeadFault.BadExpectation => Expectation,
            HeadFault.TooSlow => GatewayProblems.TooSlow,
            _ => GatewayProblems.BadFraming,
        };

    private static Problem Bad(string detail) => new(400, "bad-request", "Bad request", detail);
}
