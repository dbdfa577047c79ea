using Google.Protobuf;

namespace Grpc.Core;

/// <summary>A <see cref="Google.Rpc.Status"/> in the trailers.</summary>
public static class MetadataExtensions
{
    private const string Key = "grpc-status-details-bin";

    /// <summary>Null if there is none.</summary>
    /// <param name="ignoreParseError">Whether a broken one is null too.</param>
    /// <exception cref="InvalidProtocolBufferException">It is broken.</exception>
    public static Google.Rpc.Status? GetRpcStatus(
        this Metadata metadata,
        bool ignoreParseError = false
    )
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (metadata.Get(Key) is not { } entry)
        {
            return null;
        }

        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(entry.ValueBytes);
        }
        catch (InvalidProtocolBufferException) when (ignoreParseError)
        {
            return null;
        }
    }

    /// <summary>Adds the status, in place of one before.</summary>
    public static void SetRpcStatus(this Metadata metadata, Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(status);
        if (metadata.Get(Key) is { } before)
        {
            metadata.Remove(before);
        }

        metadata.Add(Key, status.ToByteArray());
    }
}
