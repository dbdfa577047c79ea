using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Analytics.Alerts;

/// <summary>A rule.</summary>
internal sealed class AlertRuleKind : IIdKind
{
    public static string Prefix => "rule";
}

/// <summary>An alert: from the moment a rule's condition began to hold to the next time it does.</summary>
internal sealed class AlertKind : IIdKind
{
    public static string Prefix => "alert";
}

/// <summary>A change of an alert's state.</summary>
internal sealed class AlertChangeKind : IIdKind
{
    public static string Prefix => "change";
}

/// <summary>A channel.</summary>
internal sealed class ChannelKind : IIdKind
{
    public static string Prefix => "channel";
}

/// <summary>A silence.</summary>
internal sealed class SilenceKind : IIdKind
{
    public static string Prefix => "silence";
}

/// <summary>A notification over one channel.</summary>
internal sealed class NotificationKind : IIdKind
{
    public static string Prefix => "ntf";
}
