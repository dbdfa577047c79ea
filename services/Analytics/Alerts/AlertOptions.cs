using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Analytics.Alerts;

/// <summary>How alerts are evaluated and told of. Section <c>Alerts</c>.</summary>
internal sealed class AlertOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Alerts";

    /// <summary>How often is looked for rules with a minute that is over and not evaluated. 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after its end a minute is evaluated: how late calls may come and still count. 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Lag { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many rules are evaluated at a time. 4.</summary>
    [Range(1, 64)]
    public int Parallel { get; set; } = 4;

    /// <summary>How many rules a team may have. 200.</summary>
    [Range(1, 100_000)]
    public int RulesPerTeam { get; set; } = 200;

    /// <summary>How many channels a team may have. 50.</summary>
    [Range(1, 100_000)]
    public int ChannelsPerTeam { get; set; } = 50;

    /// <summary>How often is looked for notifications to send. 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan DeliveryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many notifications an instance sends at a time, to one channel never more than one. 8.</summary>
    [Range(1, 256)]
    public int Deliveries { get; set; } = 8;

    /// <summary>How long a receiver may take to answer. 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long deliveries are kept after their end. 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan DeliveryRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long changes of state are kept. 400 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan HistoryRetention { get; set; } = TimeSpan.FromDays(400);
}
