using Google.Protobuf;

namespace Google.Rpc;

/// <summary>
/// The details of a status. Newer versions of Google.Api.CommonProtos have this as a method of the status itself; a
/// call reads the same.
/// </summary>
public static class StatusDetails
{
    /// <summary>The first detail of this type, or null.</summary>
    public static T? GetDetail<T>(this Status status)
        where T : class, IMessage<T>, new()
    {
        ArgumentNullException.ThrowIfNull(status);
        var descriptor = new T().Descriptor;
        return status.Details.FirstOrDefault(detail => detail.Is(descriptor))?.Unpack<T>();
    }
}
