using ApiSvc.ServiceDefaults.Data;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Identity.Changes;

/// <summary>Times as the database gives them, in messages.</summary>
internal static class Times
{
    /// <summary>Now, as exactly as the database keeps it: to the microsecond.</summary>
    public static DateTime Now(this TimeProvider time) => time.GetStoredNow().UtcDateTime;

    public static Timestamp? ToMessage(this DateTime? time) => time?.ToTimestamp();

    public static DateTimeOffset ToOffset(this DateTime time) => new(time);

    public static DateTimeOffset? ToOffset(this DateTime? time) => time?.ToOffset();
}
