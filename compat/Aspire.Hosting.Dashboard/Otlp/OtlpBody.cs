using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>The body of an export, out of its compression and within a bound.</summary>
internal static class OtlpBody
{
    /// <summary>The most that is taken, before and after decompression.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <exception cref="OtlpException">The body is too large, damaged or in a form that is not understood.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        if (!IsProtobuf(request.ContentType))
        {
            throw new OtlpException(
                StatusCodes.Status415UnsupportedMediaType,
                "Only application/x-protobuf is understood."
            );
        }

        switch (request.Headers.ContentEncoding.ToString())
        {
            case "" or "identity":
                return await ReadAsync(request.Body, request.HttpContext.RequestAborted);
            case "gzip":
                await using (var plain = new GZipStream(request.Body, CompressionMode.Decompress))
                {
                    return await ReadAsync(plain, request.HttpContext.RequestAborted);
                }

            default:
                throw new OtlpException(
                    StatusCodes.Status415UnsupportedMediaType,
                    "Only gzip is understood as a content encoding."
                );
        }
    }

    private static bool IsProtobuf(string? contentType) =>
        contentType is not null
        && contentType
            .AsSpan()
            .Trim()
            .StartsWith("application/x-protobuf", StringComparison.OrdinalIgnoreCase);

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                // A few bytes can unpack to gigabytes.
                if (body.Length + read > MaxBytes)
                {
                    throw new OtlpException(
                        StatusCodes.Status413PayloadTooLarge,
                        $"More than {MaxBytes} bytes."
                    );
                }

                body.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException e)
        {
            throw new OtlpException(StatusCodes.Status400BadRequest, "Not gzip.", e);
        }
        catch (BadHttpRequestException e)
        {
            throw new OtlpException(e.StatusCode, e.Message, e);
        }

        return body.ToArray();
    }
}
