using Google.Protobuf;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>One resource of a log put or deleted.</summary>
/// <param name="Kind">Number from the enumeration of the log that carries it.</param>
/// <param name="Id">UUID in network order, or a key of that kind; 1 to 1,024 bytes.</param>
/// <param name="Body">
/// What is put, serialised at most <see cref="MaxBodyLength"/> bytes; null: deleted. Equal messages should serialise
/// to equal bytes, else a put that changes nothing takes a generation.
/// </param>
/// <param name="RequiredFeatures">Features that a node must have to apply it, each without spaces.</param>
public sealed record ResourceChange(
    uint Kind,
    byte[] Id,
    IMessage? Body,
    IReadOnlyList<string> RequiredFeatures
)
{
    /// <summary>A message to a follower holds less than 4 MB, so a resource does.</summary>
    public const int MaxBodyLength = 3 * 1024 * 1024;

    /// <summary>A put for every node.</summary>
    public static ResourceChange Put(uint kind, byte[] id, IMessage body) =>
        new(kind, id, body, []);

    /// <summary>A deletion.</summary>
    public static ResourceChange Delete(uint kind, byte[] id) => new(kind, id, Body: null, []);
}
