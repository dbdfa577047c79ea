using Grpc.Core;

namespace Grpc.Net.Wire;

/// <summary>The names that gRPC over HTTP/2 gives to headers and trailers.</summary>
internal static class GrpcHeaders
{
    public const string ContentType = "application/grpc";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Identity = "identity";

    private static readonly string[] StatusTexts =
    [
        .. Enumerable
            .Range(0, 17)
            .Select(code => code.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    ];

    /// <summary><c>application/grpc</c>, alone or with a subtype (<c>+proto</c>) or parameters; not grpc-web.</summary>
    public static bool IsGrpc(ReadOnlySpan<char> contentType) =>
        contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (
            contentType.Length == ContentType.Length
            || contentType[ContentType.Length] is ';' or '+'
        );

    public static string Text(StatusCode code) =>
        (uint)code < (uint)StatusTexts.Length
            ? StatusTexts[(int)code]
            : ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The code in a <c>grpc-status</c>; codes that the protocol does not know are Unknown. Null if not a number.</summary>
    public static StatusCode? ParseStatus(string? text) =>
        !int.TryParse(
            text,
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var code
        )
            ? null
        : code < StatusTexts.Length ? (StatusCode)code
        : StatusCode.Unknown;
}
